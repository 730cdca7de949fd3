/** The longest output that an observation carries; the rest is kept apart. */
export const longestOutput = 30_000;

export const clipMarker =
  "\n<response clipped><NOTE>The middle of this output was left out because it is too long. Run the command again with its output in a file, and read the part you need with `grep`, `head` or `tail`.</NOTE>\n";

export interface ClippedText {
  readonly text: string;
  /** lines kept at either end; null where nothing was left out */
  readonly kept: { readonly first: number; readonly last: number } | null;
  /** characters left out */
  readonly omitted: number;
}

/** Head and tail of `text` round `marker`, cut at line ends where there are some, `limit` characters in all. */
export function clipText(text: string, marker = clipMarker, limit = longestOutput): ClippedText {
  if (text.length <= limit) return { text, kept: null, omitted: 0 };
  const half = Math.floor((limit - marker.length) / 2);
  const head = cutAtLineEnd(text.slice(0, half));
  const tail = cutAtLineStart(text.slice(-half));
  return {
    text: head + marker + tail,
    kept: { first: countLines(head), last: countLines(tail) },
    omitted: text.length - head.length - tail.length,
  };
}

/** A line end in the last quarter is near enough; else the cut falls within a line, but never within a character. */
function cutAtLineEnd(head: string): string {
  const at = head.lastIndexOf("\n");
  if (at > head.length * 0.75) return head.slice(0, at);
  return /[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head;
}

function cutAtLineStart(tail: string): string {
  const at = tail.indexOf("\n");
  if (at !== -1 && at < tail.length * 0.25) return tail.slice(at + 1);
  return /^[\uDC00-\uDFFF]/.test(tail) ? tail.slice(1) : tail;
}

function countLines(text: string): number {
  return text.split("\n").length;
}
