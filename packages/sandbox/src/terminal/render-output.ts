/**
 * From a terminal's bytes to the text that a person would see: a progress bar is one line, colours are gone, a line that
 * was wrapped at the terminal's edge is whole again. Most output needs no terminal for that, and keeps its tabs; the rest
 * is drawn by xterm in slices that yield, each harvested into text, so memory stays small.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { IBuffer, Terminal as XtermTerminal } from "@xterm/headless";

/** The size that programs are told and that their output is drawn with. */
export const terminalSize = { columns: 200, rows: 50 } as const;

/** bytes that can scroll no line out of the scrollback before it is harvested */
const sliceBytes = 4096;

export async function renderOutput(bytes: Buffer): Promise<string> {
  const plain = plainText(bytes);
  return plain ?? (await drawnText(bytes));
}

/** Sequences that change nothing but colours, modes and titles. */
const invisible = new RegExp(
  [
    String.raw`\x1b\[[0-9;:]*m`,
    // erasing to the right of what was just written
    String.raw`\x1b\[0?K`,
    String.raw`\x1b\[\?[0-9;]+[hl]`,
    String.raw`\x1b[()][0-9A-B]`,
    String.raw`\x1b[=>]`,
    String.raw`\x1b\][0-9]+;[^\x07\x1b]*(?:\x07|\x1b\\)`,
    String.raw`[\x00\x07]`,
  ].join("|"),
  "g",
);
/** What moves the cursor, and what switches to another screen: these need a terminal. */
const movesCursor = new RegExp(String.raw`[\x01-\x06\x08\x0b-\x1f\x7f]`);
const otherScreen = new RegExp(String.raw`\x1b\[\?(?:47|1047|1049)[hl]`);

/** @returns null where only a terminal can tell how it looks */
export function plainText(bytes: Buffer): string | null {
  const raw = bytes.toString();
  if (otherScreen.test(raw)) return null;
  const text = raw.replaceAll(invisible, "").replaceAll(/\r+\n/g, "\n");
  return movesCursor.test(text) ? null : text;
}

async function drawnText(bytes: Buffer): Promise<string> {
  const { Terminal } = (await import("@xterm/headless")).default;
  const terminal = new Terminal({
    cols: terminalSize.columns,
    rows: terminalSize.rows,
    scrollback: sliceBytes + terminalSize.rows,
    allowProposedApi: true,
    // it would tell the server's own output of every byte that is no text
    logLevel: "off",
  });
  const lines = new LineHarvest();
  for (let from = 0; from < bytes.length; from += sliceBytes) {
    await write(terminal, bytes.subarray(from, from + sliceBytes));
    if (terminal.buffer.normal.baseY > 0 && terminal.buffer.active.type === "normal") {
      lines.take(terminal.buffer.normal, terminal.buffer.normal.baseY);
      // drops the scrollback just taken; the screen stays
      await write(terminal, "\x1b[3J");
    }
    await nextTurn();
  }
  lines.take(terminal.buffer.normal, usedRows(terminal.buffer.normal));
  if (terminal.buffer.active.type === "alternate") {
    lines.take(terminal.buffer.active, usedRows(terminal.buffer.active));
  }
  terminal.dispose();
  return lines.text();
}

function write(terminal: XtermTerminal, data: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => terminal.write(data, resolve));
}

/** Rows up to the last one that holds anything, or that the cursor has reached. */
function usedRows(buffer: IBuffer): number {
  let rows = buffer.length;
  const cursor = buffer.baseY + buffer.cursorY + 1;
  while (rows > cursor && buffer.getLine(rows - 1)?.translateToString(true) === "") rows -= 1;
  return rows;
}

/** Rows of a screen, joined where the terminal wrapped them. */
class LineHarvest {
  readonly #lines: string[] = [];

  take(buffer: IBuffer, rows: number): void {
    for (let row = 0; row < rows; row += 1) {
      const line = buffer.getLine(row);
      const text = line?.translateToString(true) ?? "";
      const last = this.#lines.length - 1;
      if (line?.isWrapped && last >= 0) this.#lines[last] += text;
      else this.#lines.push(text);
    }
  }

  text(): string {
    return this.#lines.join("\n");
  }
}

/** What of `now` is new where `before` was shown: from the end of it, or from the first line that changed. */
export function newText(before: string, now: string): string {
  if (now.startsWith(before)) return now.slice(before.length);
  const old = before.split("\n");
  const lines = now.split("\n");
  let same = 0;
  while (same < old.length && same < lines.length && old[same] === lines[same]) same += 1;
  return lines.slice(same).join("\n");
}
