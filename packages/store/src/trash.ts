/** Deleted conversations: their folders, under names that tell when they came. Nothing else is in the trash. */
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, ConversationId } from "@openhands/protocol";
import { diskFailure, errorCode } from "./disk-failure.ts";
import { makeFolder, namesIn, syncFolder } from "./documents.ts";
import { exists, freePath, timeOfStamp } from "./file-stamp.ts";
import type { Layout } from "./layout.ts";
import type { Trashed } from "./store.ts";

export function createTrash(layout: Layout) {
  async function list(): Promise<Trashed[]> {
    const entries = (await namesIn(layout.trashFolder)).flatMap((name): Trashed[] => {
      const [first = "", stamp = ""] = name.split(".");
      const id = ConversationId.safeParse(first);
      const since = timeOfStamp(stamp);
      return id.success && since !== null
        ? [{ id: id.data, since, path: join(layout.trashFolder, name) }]
        : [];
    });
    return entries.toSorted((a, b) => a.since - b.since || a.path.localeCompare(b.path));
  }

  async function move(from: string, to: string): Promise<boolean> {
    try {
      await rename(from, to);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return false;
      throw diskFailure(error);
    }
    await syncFolder(layout.conversationsFolder);
    await syncFolder(layout.trashFolder);
    return true;
  }

  return {
    list,
    /** Idempotent. An id may come there more than once. @param time milliseconds since 1970 */
    async put(id: ConversationId, time: number): Promise<void> {
      await makeFolder(layout.trashFolder);
      await move(layout.conversationFolder(id), await freePath(join(layout.trashFolder, `${id}.`), time));
    },
    async restore(id: ConversationId): Promise<void> {
      const entry = (await list()).findLast((trashed) => trashed.id === id);
      if (await exists(layout.conversationFolder(id))) {
        throw new AppError("wrong_state", "This conversation is not in the trash: there is one of its id.");
      }
      if (entry === undefined || !(await move(entry.path, layout.conversationFolder(id)))) {
        throw new AppError("not_found", "This conversation is not in the trash any more.");
      }
    },
    async empty({ path }: Trashed): Promise<void> {
      await rm(path, { recursive: true, force: true });
    },
  };
}
