/**
 * From a terminal's bytes to the text that a person would see: a progress bar is one line, colours are gone, a line that
 * was wrapped at the terminal's edge is whole again. Most output needs no terminal for that, and keeps its tabs; the rest
 * is drawn (`draw-output.ts`).
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { drawOutput } from "./draw-output.ts";

export async function renderOutput(bytes: Buffer): Promise<string> {
  return (await plainTextOf(bytes)) ?? (await drawOutput(bytes));
}

/** Bytes looked at in one turn of the event loop, about a millisecond. */
const sliceBytes = 128 << 10;

/** Slice by slice at line ends, so that others have their turn. @returns null where only a terminal can tell how it looks */
async function plainTextOf(bytes: Buffer): Promise<string | null> {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length;) {
    const lineEnd = bytes.indexOf(0x0a, from + sliceBytes);
    const end = lineEnd === -1 ? bytes.length : lineEnd + 1;
    const text = plainText(bytes.subarray(from, end));
    if (text === null) return null;
    parts.push(text);
    from = end;
    if (from < bytes.length) await nextTurn();
  }
  return parts.join("");
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

/** What of `now` is new where `before` was shown: from the end of it, or from the first line that changed. */
export function newText(before: string, now: string): string {
  if (now.startsWith(before)) return now.slice(before.length);
  const old = before.split("\n");
  const lines = now.split("\n");
  let same = 0;
  while (same < old.length && same < lines.length && old[same] === lines[same]) same += 1;
  return lines.slice(same).join("\n");
}
