/**
 * `trajectory.json`: what was said and done, for people and for replaying. As OpenHands exports it, an array of events in
 * order: messages, actions and what answered each (`action_id`, `tool_call_id`); no state updates, no system prompt.
 */
import type { FileHandle } from "node:fs/promises";
import { writeDocument } from "./documents.ts";
import type { EventLog, Redactor } from "./store.ts";

const kinds: ReadonlySet<string> = new Set([
  "MessageEvent",
  "ActionEvent",
  "ObservationEvent",
  "UserRejectObservation",
  "AgentErrorEvent",
  "ConversationErrorEvent",
]);

const bufferSize = 256 * 1024;

/** Written anew from the log, streamed; redacted again, for a secret may have become known after it was logged. */
export function writeTrajectory(path: string, log: EventLog, redactor: Redactor): Promise<void> {
  return writeDocument(path, (file) => writeEvents(file, log, redactor));
}

async function writeEvents(file: FileHandle, log: EventLog, redactor: Redactor): Promise<void> {
  let buffer = "[";
  let joint = "\n";
  for await (const event of log.read()) {
    if (!kinds.has(event.kind)) continue;
    buffer += joint + JSON.stringify(redactor.json(event));
    joint = ",\n";
    if (buffer.length >= bufferSize) {
      await file.writeFile(buffer);
      buffer = "";
    }
  }
  await file.writeFile(`${buffer}\n]\n`);
}
