/**
 * Draws a terminal's bytes with xterm and reads the screen, scrolled lines included. In slices: each is harvested into
 * text while its lines are still in the scrollback, so memory stays small, and others have their turn in between.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { IBuffer, IMarker, Terminal as XtermTerminal } from "@xterm/headless";
import { terminalSize } from "./terminal-size.ts";

/** Bytes that scroll no line out of the scrollback before it is harvested. */
const sliceBytes = 1024;
/** Slices given to xterm at once: it waits for a timer before each lot, and yields within one after 12 ms. */
const slicesAtOnce = 32;

/** What a person sees when all of `bytes` has been shown. */
export async function drawOutput(bytes: Buffer): Promise<string> {
  const { Terminal } = (await import("@xterm/headless")).default;
  const terminal = new Terminal({
    cols: terminalSize.columns,
    rows: terminalSize.rows,
    scrollback: sliceBytes + terminalSize.rows,
    allowProposedApi: true,
    // it would tell the server's own output of every byte that is no text
    logLevel: "off",
  });
  refuseEndlessSequences(terminal);
  const harvest = new Harvest(terminal);
  for (let from = 0; from < bytes.length; from += sliceBytes * slicesAtOnce) {
    await writeInSlices(terminal, bytes.subarray(from, from + sliceBytes * slicesAtOnce), () =>
      harvest.takeScrolled(),
    );
    await nextTurn();
  }
  const text = harvest.finish();
  terminal.dispose();
  return text;
}

/** @param onSlice called as soon as a slice is drawn, before the next one is */
async function writeInSlices(terminal: XtermTerminal, bytes: Buffer, onSlice: () => void): Promise<void> {
  const drawn = Promise.withResolvers<void>();
  for (let from = 0; from < bytes.length; from += sliceBytes) {
    const isLast = from + sliceBytes >= bytes.length;
    terminal.write(bytes.subarray(from, from + sliceBytes), () => {
      onSlice();
      if (isLast) drawn.resolve();
    });
  }
  await drawn.promise;
}

/** xterm repeats these as often as it is told: with a number of ten digits, for ever (tried). */
const repeated = [
  { final: "L", most: terminalSize.rows },
  { final: "M", most: terminalSize.rows },
  { final: "S", most: terminalSize.rows },
  { final: "T", most: terminalSize.rows },
  { final: "I", most: terminalSize.columns },
  { final: "Z", most: terminalSize.columns },
  { final: "b", most: terminalSize.columns },
] as const;

export function refuseEndlessSequences(terminal: XtermTerminal): void {
  for (const { final, most } of repeated) {
    terminal.parser.registerCsiHandler({ final }, ([count]) => typeof count === "number" && count > most);
  }
}

/** Rows of the screen and of what has scrolled off it, joined where the terminal wrapped them. */
class Harvest {
  readonly #terminal: XtermTerminal;
  readonly #parts: string[] = [];
  /** the first row that is not taken yet; null: the first of the buffer */
  #next: IMarker | null = null;

  constructor(terminal: XtermTerminal) {
    this.#terminal = terminal;
    // `reset` makes a fresh buffer, in which marks of the old one mean nothing
    terminal.parser.registerEscHandler({ final: "c" }, () => {
      this.#next = null;
      return false;
    });
  }

  takeScrolled(): void {
    const { normal, active } = this.#terminal.buffer;
    // markers are set in the active buffer, and the other one scrolls no line away meanwhile
    if (active.type !== "normal") return;
    this.#take(normal, normal.baseY);
    this.#next?.dispose();
    this.#next = this.#terminal.registerMarker(-normal.cursorY) ?? null;
  }

  finish(): string {
    const { normal, active } = this.#terminal.buffer;
    this.#take(normal, usedRows(normal));
    this.#next = null;
    if (active.type === "alternate") this.#take(active, usedRows(active));
    return this.#parts.join("");
  }

  /** Up to and without row `end`. */
  #take(buffer: IBuffer, end: number): void {
    const pieces: string[] = [];
    for (let row = Math.max(0, this.#next?.line ?? 0); row < end; row += 1) {
      const line = buffer.getLine(row);
      const isFirst = this.#parts.length === 0 && pieces.length === 0;
      if (!isFirst && !line?.isWrapped) pieces.push("\n");
      pieces.push(line?.translateToString(true) ?? "");
    }
    // Joined at once: the text of a row is a tree of its cells' texts, which weighs thirty times as much.
    if (pieces.length > 0) this.#parts.push(pieces.join(""));
  }
}

/** Rows up to the last one that holds anything, or that the cursor has reached. */
function usedRows(buffer: IBuffer): number {
  let rows = buffer.length;
  const cursor = buffer.baseY + buffer.cursorY + 1;
  while (rows > cursor && buffer.getLine(rows - 1)?.translateToString(true) === "") rows -= 1;
  return rows;
}
