/**
 * Recorded conversations that may be played again: those of this home, by id, and files that the person laid into its
 * `replays/`. Nothing else can be named, whatever the name looks like.
 */
import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError, ConversationId, parseEvent, type StoredEvent } from "@openhands/protocol";
import type { Layout } from "./layout.ts";

/** A longer recording is refused: it is read whole. */
const longestBytes = 64 * 1024 * 1024;

/** @throws AppError not_found or invalid, with what to do */
export async function readRecording(layout: Layout, name: string): Promise<readonly StoredEvent[]> {
  const id = ConversationId.safeParse(name);
  const path = id.success ? layout.eventsFile(id.data) : fileOfPerson(layout, name);
  const text = await contentOf(path, name);
  try {
    const rows: unknown = JSON.parse(text);
    if (!Array.isArray(rows)) throw new TypeError("no array");
    // A trajectory of another OpenHands has no seq: the order tells it.
    return rows.map((row: unknown, seq) => parseEvent(typeof row === "object" ? { seq, ...row } : row));
  } catch (cause) {
    const message = `The recording "${name}" is no trajectory: it must be a JSON array of events, as trajectory.json is.`;
    throw new AppError("invalid", message, { cause });
  }
}

function fileOfPerson(layout: Layout, name: string): string {
  if (name !== basename(name) || name.startsWith(".")) throw unknown(layout, name);
  return join(layout.replaysFolder, name.endsWith(".json") ? name : `${name}.json`);
}

async function contentOf(path: string, name: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= longestBytes) return await readFile(path, "utf8");
  } catch (cause) {
    throw new AppError("not_found", sentence(name), { cause });
  }
  throw new AppError("invalid", `The recording "${name}" is longer than 64 MB, which is not played again.`);
}

const unknown = (layout: Layout, name: string): AppError =>
  new AppError("not_found", `${sentence(name)} The folder is ${layout.replaysFolder}.`);

const sentence = (name: string): string =>
  `There is no recording "${name}". Name a conversation by its id, or a file in the folder replays of OPENHANDS_HOME.`;
