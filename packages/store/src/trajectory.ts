/**
 * `trajectory.json`: what was said and done, for people and for replaying. As OpenHands exports it, an array of events in
 * order: messages, actions and what answered each (`action_id`, `tool_call_id`); no state updates, no system prompt.
 *
 * It has a line an event, as the log has, and is extended at its end: how long that takes depends on what is new. It can
 * be had from the log at any time, so what a crash tore is cut off when it is extended next.
 */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { StoredEvent } from "@openhands/protocol";
import { diskFailure } from "./disk-failure.ts";
import { documentFailure } from "./documents.ts";
import { LogFile } from "./log-file.ts";
import { lastLine } from "./log-scan.ts";
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

/** What of a log belongs to it; redacted again, for a secret may have become known after it was logged. */
export async function* trajectoryOf(
  log: EventLog,
  redactor: Redactor,
  afterSeq = -1,
): AsyncGenerator<StoredEvent> {
  for await (const event of log.read({ afterSeq })) if (kinds.has(event.kind)) yield redactor.json(event);
}

/** Brings the file up to the log; one call at a time. @throws AppError `disk_full`, `unavailable` for a folder in its place */
export async function extendTrajectory(path: string, log: EventLog, redactor: Redactor): Promise<void> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    const last = await lastLine(new LogFile(file, size, null));
    const isOurs = last !== null && (await log.at(last.seq)) !== null;
    const from = isOurs ? last : { seq: -1, end: 0 };
    await file.truncate(await writeEvents(file, from.end, trajectoryOf(log, redactor, from.seq)));
  } catch (error) {
    throw diskFailure(error);
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  } catch (error) {
    throw documentFailure(error, path);
  }
}

/** Gives where the file now ends. */
async function writeEvents(
  file: FileHandle,
  start: number,
  events: AsyncIterable<StoredEvent>,
): Promise<number> {
  let position = start;
  let buffer = start === 0 ? "[" : "";
  let joint = start === 0 ? "\n" : ",\n";
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(buffer);
    buffer = "";
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
    position += bytes.length;
  };
  for await (const event of events) {
    buffer += joint + JSON.stringify(event);
    joint = ",\n";
    if (buffer.length >= bufferSize) await flush();
  }
  buffer += "\n]\n";
  await flush();
  return position;
}
