/** `metadata.json` of a conversation: a cache of its log. Fields that this version does not know stay in it. */
import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";
import { type ConversationId, ConversationMetadata } from "@openhands/protocol";
import { errorCode } from "./disk-failure.ts";
import { parseJson, readDocument, writeDocument } from "./documents.ts";
import type { Layout } from "./layout.ts";
import { lastSeqOnDisk } from "./log-on-disk.ts";

/** null where there is none, or none that can be read */
export async function readMetadata(layout: Layout, id: ConversationId): Promise<ConversationMetadata | null> {
  return ConversationMetadata.safeParse(await readValue(layout, id)).data ?? null;
}

/** The same, and null too when the log was written after it. */
export async function readCurrentMetadata(
  layout: Layout,
  id: ConversationId,
): Promise<ConversationMetadata | null> {
  const [metadata, written, events] = await Promise.all([
    readMetadata(layout, id),
    statOrNull(layout.metadataFile(id)),
    statOrNull(layout.eventsFile(id)),
  ]);
  if (metadata === null || written === null || events === null) return metadata;
  if (events.mtimeNs > written.mtimeNs) return null;
  // a clock's tick can be longer than the time between the two
  return metadata.last_seq === (await lastSeqOnDisk(layout.eventsFile(id))) ? metadata : null;
}

/** @throws AppError `disk_full` */
export async function writeMetadata(layout: Layout, metadata: ConversationMetadata): Promise<void> {
  const before = await readValue(layout, metadata.id);
  const unknown = Object.entries(typeof before === "object" && before !== null ? before : {}).filter(
    ([field]) => !(field in ConversationMetadata.shape),
  );
  const document = { ...Object.fromEntries(unknown), ...metadata };
  await writeDocument(layout.metadataFile(metadata.id), `${JSON.stringify(document, null, 2)}\n`);
}

async function readValue(layout: Layout, id: ConversationId): Promise<unknown> {
  return parseJson((await readDocument(layout.metadataFile(id))) ?? "");
}

async function statOrNull(path: string): Promise<BigIntStats | null> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}
