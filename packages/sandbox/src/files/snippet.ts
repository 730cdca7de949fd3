import { lineOf, linesOf } from "./find-edit.ts";
import { numberLines } from "./number-lines.ts";

/** Lines shown before and after what was edited. */
const context = 4;

/** The lines round the `length` characters at `start`, numbered. Looks at few others: a file may have many. */
export function snippet(text: string, start: number, length: number): string {
  let from = lineStart(text, start);
  for (let line = 0; line < context && from > 0; line += 1) from = lineStart(text, from - 1);
  let to = lineEnd(text, start + length);
  for (let line = 0; line < context && to < text.length; line += 1) to = lineEnd(text, to + 1);
  return numberLines(linesOf(text.slice(from, to + 1)), lineOf(text, from));
}

const lineStart = (text: string, index: number): number =>
  index === 0 ? 0 : text.lastIndexOf("\n", index - 1) + 1;

function lineEnd(text: string, index: number): number {
  const end = text.indexOf("\n", index);
  return end === -1 ? text.length : end;
}
