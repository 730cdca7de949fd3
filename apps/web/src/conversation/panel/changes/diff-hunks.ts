/** What differs between two texts, as hunks of lines with a little of what stands around them. Pure. */
import { structuredPatch } from "diff";

export interface DiffLine {
  readonly type: "same" | "added" | "removed";
  /** numbers of the line in the old and the new text; null where it is not in that one */
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

export interface Diff {
  readonly hunks: readonly (readonly DiffLine[])[];
  readonly added: number;
  readonly removed: number;
}

/** Lines shown around a change. */
const context = 3;
/** Milliseconds after which two texts count as having nothing in common. */
const longest = 500;

export function diffOf(before: string, after: string): Diff {
  const options = { context, timeout: longest };
  const patch = structuredPatch("", "", before, after, "", "", options);
  const hunks = patch
    ? patch.hunks.map((hunk) => hunkLines(hunk.oldStart, hunk.newStart, hunk.lines))
    : [hunkLines(1, 1, [...signed("-", before), ...signed("+", after)])];
  const count = (type: DiffLine["type"]): number =>
    hunks.reduce((sum, lines) => sum + lines.filter((line) => line.type === type).length, 0);
  return { hunks, added: count("added"), removed: count("removed") };
}

const signed = (sign: string, text: string): string[] =>
  text === ""
    ? []
    : text
        .replace(/\n$/, "")
        .split("\n")
        .map((line) => sign + line);

/** @param lines each with its sign as `diff -u` writes it */
function hunkLines(oldStart: number, newStart: number, lines: readonly string[]): DiffLine[] {
  let before = oldStart;
  let after = newStart;
  return lines.flatMap((line): DiffLine[] => {
    const text = line.slice(1).replace(/\r$/, "");
    switch (line[0]) {
      case "+":
        return [{ type: "added", before: null, after: after++, text }];
      case "-":
        return [{ type: "removed", before: before++, after: null, text }];
      case " ":
        return [{ type: "same", before: before++, after: after++, text }];
      // that the last line has no end
      default:
        return [];
    }
  });
}
