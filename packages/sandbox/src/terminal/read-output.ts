/** From captured bytes to the text of an observation. */
import { clipRedacted, type Redact } from "./clip-redacted.ts";
import { type ClippedText, clipMarker, longestOutput } from "./clip-text.ts";
import type { Captured } from "./output-capture.ts";
import { newText, renderOutput } from "./render-output.ts";
import { messages } from "./terminal-messages.ts";

/**
 * Characters at the end of what a command has printed so far that are shown though they may begin a secret: the last
 * figure of a port must not be missing because some secret begins with it.
 */
const mostShown = 3;
const shownStart = new RegExp(`(?:[^\\n]\\n*){0,${mostShown}}$`);

/**
 * @param end the last bytes of what a command has printed so far
 * @returns how many of them wait for what follows, since they may be the start of a secret
 */
export function keptBack(end: Buffer, undecidedEnd: (text: string) => number): number {
  const text = end.toString("latin1");
  const count = undecidedEnd(text);
  const characters = text.slice(text.length - count).replaceAll(/[\r\n]/g, "").length;
  return characters > mostShown ? count : 0;
}

/** Characters. No secret, in whichever of its forms, is taken for longer. */
const longestSeam = 64 * 1024;

/** @param longest characters */
export async function readOutput(
  captured: Captured,
  redact: Redact,
  longest = longestOutput,
): Promise<ClippedText> {
  const text = trimLineEnds(await newOutput(captured, redact));
  const clipped = clipRedacted(text, redact, clipMarker, longest);
  return { ...clipped, omitted: clipped.omitted + captured.omitted };
}

async function newOutput({ shown, head, tail, omitted }: Captured, redact: Redact): Promise<string> {
  const before = shown.length > 0 ? await renderOutput(shown) : "";
  const now = newText(before, await renderOutput(Buffer.concat([shown, head])));
  const first = withStartOfSecret(before, now, redact);
  if (omitted === 0) return first;
  return first + messages.omitted(omitted) + (await renderOutput(tail));
}

/** `now`, behind what was shown of a secret that goes on in it: so that it is found, and hidden. */
function withStartOfSecret(before: string, now: string, redact: Redact): string {
  const start = shownStart.exec(before.slice(-longestSeam))?.[0] ?? "";
  if (start === "") return now;
  return redact(start + now.slice(0, longestSeam)).startsWith(start) ? now : start + now;
}

/** Without a pattern: that would be tried at every line end of a long output. */
function trimLineEnds(text: string): string {
  const start = text.startsWith("\n") ? 1 : 0;
  let end = text.length;
  while (end > start && text[end - 1] === "\n") end -= 1;
  return text.slice(start, end);
}
