/**
 * Clipping what may hold secrets: they are taken out before, for one that the cut falls into is not found any more.
 */
import { clipMarker, type ClippedText, clipText, longestOutput } from "./clip-text.ts";

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/** Characters. No secret, in whichever of its forms, is taken for longer than half of this. */
const margin = 128 * 1024;

/** As {@link clipText}; only what can be shown is searched, for a long text would hold everybody else up. */
export function clipRedacted(
  text: string,
  redact: Redact,
  marker = clipMarker,
  limit = longestOutput,
): ClippedText {
  return clipText(withEndsRedacted(text, redact, limit), marker, limit);
}

function withEndsRedacted(text: string, redact: Redact, limit: number): string {
  for (let size = limit + margin; 2 * size < text.length; size *= 2) {
    const head = redact(text.slice(0, size));
    const tail = redact(text.slice(-size));
    // where much was hidden, what is left of a secret at a window's inner edge may come near to what is shown
    if (Math.min(head.length, tail.length) >= limit + margin / 2)
      return head + text.slice(size, -size) + tail;
  }
  return redact(text);
}
