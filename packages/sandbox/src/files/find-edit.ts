/** Where an edit falls. Pure. */

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Where `wanted` begins in `text`, overlapping ones too. The empty string is found at each line's start. */
export function occurrences(text: string, wanted: string): readonly number[] {
  const found: number[] = [];
  if (wanted === "") {
    for (let at = 0; at !== -1;) {
      found.push(at);
      const end = text.indexOf("\n", at);
      at = end === -1 ? -1 : end + 1;
    }
    return found;
  }
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) found.push(at);
  return found;
}

/** The number, from 1, of the line that holds `index`. */
export function lineOf(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < index; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** The part of a replacement that changes anything, so that the bytes of the rest are left alone. */
export function changedSpan(start: number, before: string, after: string): Span {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  // Half of a surrogate pair is no character.
  if (/[\uD800-\uDBFF]/.test(before[head - 1] ?? "")) head -= 1;
  if (/[\uDC00-\uDFFF]/.test(before[before.length - tail] ?? "")) tail -= 1;
  return {
    start: start + head,
    end: start + before.length - Math.max(tail, 0),
    replacement: after.slice(head, after.length - Math.max(tail, 0)),
  };
}

/** Lines as a person counts them: a line end at the very end begins no further line. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Text put after `line` lines as lines of its own. @returns null where there are fewer lines */
export function insertion(text: string, line: number, inserted: string): Span | null {
  const count = linesOf(text).length;
  if (!Number.isInteger(line) || line < 0 || line > count) return null;
  let at = 0;
  for (let passed = 0; passed < line; passed += 1) {
    const end = text.indexOf("\n", at);
    at = end === -1 ? text.length : end + 1;
  }
  const unfinished = at === text.length && text !== "" && !text.endsWith("\n");
  return { start: at, end: at, replacement: `${unfinished ? "\n" : ""}${inserted}\n` };
}
