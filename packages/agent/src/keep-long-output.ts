import { type ObservationEvent, text, type ToolObservation } from "@openhands/protocol";
import { clipRedacted, longestOutput } from "@openhands/sandbox";
import type { OutputFile } from "@openhands/store";

/**
 * Decides what an event carries of an observation, and whether `file` stays: for a tool that said itself how much it
 * `omitted` (and gave `file` its output while it came), and for any other whose text is too long. Secrets go before it is
 * clipped: a half of one would not be found later.
 */
export async function keepLongOutput(
  whole: ToolObservation,
  file: OutputFile,
  redact: (text: string) => string,
): Promise<Pick<ObservationEvent, "observation" | "whole_output">> {
  const observation = whole.omitted ? whole : clipped(whole, file, redact);
  if (!observation.omitted) {
    file.discard();
    return { observation };
  }
  const bytes = await file.keep();
  return bytes === null ? { observation } : { observation, whole_output: { bytes } };
}

/** `observation` with each text of a length that an event can carry; what was longer goes to `file` whole. */
function clipped(
  observation: ToolObservation,
  file: OutputFile,
  redact: (text: string) => string,
): ToolObservation {
  const long = observation.content.some((part) => part.type === "text" && part.text.length > longestOutput);
  if (!long) return observation;
  let omitted = 0;
  const content = observation.content.map((part) => {
    if (part.type !== "text") return part;
    file.write(`${part.text}\n`);
    const short = clipRedacted(part.text, redact);
    omitted += short.omitted;
    return text(short.text);
  });
  return { ...observation, content, omitted };
}
