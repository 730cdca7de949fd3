/** The lines in which two texts differ, between what they share at the start and at the end. */
export interface LineChanges {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** lines that are the same before the change */
  readonly before: number;
}

export function lineChanges(before: string, after: string): LineChanges {
  const old = linesOf(before);
  const now = linesOf(after);
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return {
    removed: old.slice(start, old.length - end),
    added: now.slice(start, now.length - end),
    before: start,
  };
}

/** Lines of a text; an empty text has none, and a line end at the end starts no further line. */
export function linesOf(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}
