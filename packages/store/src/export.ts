/** A conversation as an archive for elsewhere: everything in it is redacted once more, and read as it is written. */
import type { ConversationMetadata, StoredEvent } from "@openhands/protocol";
import type { EventLog, Redactor } from "./store.ts";
import { trajectoryOf } from "./trajectory.ts";
import { zip, type ZipEntry } from "./zip.ts";

/** `events.json`, `metadata.json` and `trajectory.json`, as they lie on disk. */
export function exportOf(
  log: EventLog,
  metadata: ConversationMetadata,
  redactor: Redactor,
): AsyncIterable<Buffer> {
  async function* entries(): AsyncGenerator<ZipEntry> {
    yield { name: "events.json", content: arrayOf(redacted(log.read(), redactor)) };
    yield { name: "metadata.json", content: once(`${JSON.stringify(redactor.json(metadata), null, 2)}\n`) };
    yield { name: "trajectory.json", content: arrayOf(trajectoryOf(log, redactor)) };
  }
  return zip(entries());
}

async function* redacted(
  events: AsyncIterable<StoredEvent>,
  redactor: Redactor,
): AsyncGenerator<StoredEvent> {
  for await (const event of events) yield redactor.json(event);
}

async function* arrayOf(events: AsyncIterable<StoredEvent>): AsyncGenerator<string> {
  yield "[";
  let joint = "\n";
  for await (const event of events) {
    yield joint + JSON.stringify(event);
    joint = ",\n";
  }
  yield "\n]\n";
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
