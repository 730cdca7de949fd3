import { linesOf } from "./line-changes.ts";

export interface ClippedText {
  readonly head: string;
  /** lines between the two that are not shown; 0: `head` is all there is */
  readonly hidden: number;
  readonly tail: string;
}

/** The first and the last lines of a long text: how it began, and what it came to. */
export function clipLines(text: string, headLines: number, tailLines: number): ClippedText {
  const lines = linesOf(text);
  const hidden = lines.length - headLines - tailLines;
  if (hidden <= 1) return { head: lines.join("\n"), hidden: 0, tail: "" };
  return {
    head: lines.slice(0, headLines).join("\n"),
    hidden,
    tail: lines.slice(-tailLines).join("\n"),
  };
}
