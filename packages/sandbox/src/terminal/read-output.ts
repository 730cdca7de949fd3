/** From captured bytes to the text of an observation. */
import { clipRedacted, type Redact } from "./clip-redacted.ts";
import type { ClippedText } from "./clip-text.ts";
import type { Captured } from "./output-capture.ts";
import { newText, renderOutput } from "./render-output.ts";
import { messages } from "./terminal-messages.ts";

export async function readOutput(captured: Captured, redact: Redact): Promise<ClippedText> {
  const clipped = clipRedacted(trimLineEnds(await newOutput(captured)), redact);
  return { ...clipped, omitted: clipped.omitted + captured.omitted };
}

async function newOutput({ shown, head, tail, omitted }: Captured): Promise<string> {
  const before = shown.length > 0 ? await renderOutput(shown) : "";
  const first = newText(before, await renderOutput(Buffer.concat([shown, head])));
  if (omitted === 0) return first;
  return first + messages.omitted(omitted) + (await renderOutput(tail));
}

function trimLineEnds(text: string): string {
  return text.replace(/^\n/, "").replace(/\n+$/, "");
}
