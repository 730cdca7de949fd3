/** A conversation as files for elsewhere: everything in it is redacted once more, and read as it is written. */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { ConversationId, ConversationMetadata, StoredEvent } from "@openhands/protocol";
import { namesIn } from "./documents.ts";
import type { Layout } from "./layout.ts";
import { redactedBytes } from "./redacted-bytes.ts";
import type { EventLog, Redactor } from "./store.ts";
import { trajectoryOf } from "./trajectory.ts";
import type { ZipEntry } from "./zip.ts";

export interface ExportOptions {
  readonly layout: Layout;
  readonly redactor: Redactor;
}

/** `events.json`, `metadata.json`, `trajectory.json`, `observations/` and `attachments/`, as they lie on disk. */
export async function* exportOf(
  log: EventLog,
  metadata: ConversationMetadata,
  { layout, redactor }: ExportOptions,
): AsyncGenerator<ZipEntry> {
  const id: ConversationId = log.conversationId;
  yield { name: "events.json", content: arrayOf(redacted(log.read(), redactor)) };
  yield { name: "metadata.json", content: once(`${JSON.stringify(redactor.json(metadata), null, 2)}\n`) };
  yield { name: "trajectory.json", content: arrayOf(trajectoryOf(log, redactor)) };
  yield* filesOf(layout.observationsFolder(id), "observations", redactor);
  yield* filesOf(layout.attachmentsFolder(id), "attachments", redactor);
}

async function* filesOf(folder: string, shown: string, redactor: Redactor): AsyncGenerator<ZipEntry> {
  for (const name of (await namesIn(folder)).toSorted()) {
    const content = createReadStream(join(folder, name));
    const isText = name.endsWith(".txt");
    yield { name: `${shown}/${name}`, content: isText ? redactedBytes(content, redactor) : content };
  }
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
