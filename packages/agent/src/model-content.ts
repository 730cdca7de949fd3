import {
  type Content,
  plainText,
  TerminalObservation,
  text,
  type ToolObservation,
} from "@openhands/protocol";

/**
 * What the model is told of an observation. A terminal's output stands alone in the event; the notes around it (cut
 * off, still running, exit code, where the shell is now) belong to what the model reads.
 */
export function modelContent(observation: ToolObservation): Content[] {
  if (observation.kind !== "TerminalObservation") return observation.content;
  const terminal = TerminalObservation.safeParse(observation);
  if (!terminal.success) return observation.content;
  const { prefix, suffix, working_dir: directory } = terminal.data.metadata;
  const where = directory ? `\n[Current working directory: ${directory}]` : "";
  return [text(`${prefix}${plainText(terminal.data.content)}${suffix}${where}`)];
}
