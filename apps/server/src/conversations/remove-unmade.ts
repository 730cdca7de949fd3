/**
 * A `kill -9` between a conversation's folder and its first event leaves one that nobody has ever seen: whoever asked for
 * it was given no answer. It stays where anything at all was kept of it.
 */
import { readdir, rmdir } from "node:fs/promises";
import { basename } from "node:path";
import type { Dependencies } from "./dependencies.ts";
import { removeConversation } from "./remove.ts";
import type { Session } from "./session.ts";

/** Only where its log and its workspace are empty, and nobody holds it. @returns whether it is gone */
export async function removeUnmade(deps: Dependencies, session: Session): Promise<boolean> {
  return await session.inOrder(async () => {
    if (session.log.lastSeq >= 0 || session.isInUse || !(await isEmpty(deps, session))) return false;
    await removeConversation(deps, session, true);
    return true;
  });
}

async function isEmpty({ layout }: Dependencies, session: Session): Promise<boolean> {
  const id = session.log.conversationId;
  const log = basename(layout.eventsFile(id));
  const kept = await readdir(layout.conversationFolder(id));
  // beside a log that was lost lies its metadata; beside one that can't be read what it had, under a name of its own
  return kept.every((name) => name === log) && (await goesEmpty(layout.workspaceFolder(id)));
}

/** A folder with anything in it can't be removed so, whenever that was put there. */
async function goesEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
}
