/** What becomes of deleted conversations: brought back, or gone for good when their time is over. */
import type { ConversationId } from "@openhands/protocol";
import type { Trashed } from "@openhands/store";
import { deleteFolder } from "../sandboxes/delete-folder.ts";
import type { Dependencies } from "./dependencies.ts";
import { openConversation } from "./open.ts";
import type { Session } from "./session.ts";

const trashMs = 24 * 60 * 60_000;

type TrashDependencies = Pick<Dependencies, "store" | "clock" | "secrets" | "layout" | "runtimes" | "logger">;

/** With its log, its files and its place in the listing. @throws AppError `not_found`, `wrong_state` */
export async function restoreConversation(deps: Dependencies, id: ConversationId): Promise<Session> {
  await deps.store.restore(id);
  const session = await openConversation(deps, id);
  await deps.catalogue.readOne(id);
  return session;
}

/** True when there was anything of it in the trash. */
export async function purgeTrashed(deps: TrashDependencies, id: ConversationId): Promise<boolean> {
  const entries = (await deps.store.trashed()).filter((entry) => entry.id === id);
  for (const entry of entries) await empty(deps, entry);
  return entries.length > 0;
}

/** By the clock: what has been there for 24 hours goes. One that can't go does not keep the others. */
export async function emptyTrash(deps: TrashDependencies, signal: AbortSignal): Promise<void> {
  const before = deps.clock.now() - trashMs;
  for (const entry of await deps.store.trashed()) {
    if (signal.aborted || entry.since > before) return;
    try {
      await empty(deps, entry);
    } catch (error) {
      deps.logger.error(
        { err: error, conversation: entry.id },
        "a deleted conversation could not be removed",
      );
    }
  }
}

async function empty(deps: TrashDependencies, entry: Trashed): Promise<void> {
  const { id } = entry;
  const others = (await deps.store.trashed()).filter((other) => other.id === id && other.path !== entry.path);
  // The log goes last: as long as it is there, what was not removed is known of.
  if (others.length === 0 && !(await deps.store.has(id))) await removeFiles(deps, id);
  await deps.store.empty(entry);
}

/** The folder of ours: one that the user named lies elsewhere, and is never touched. */
export async function removeFiles(deps: TrashDependencies, id: ConversationId): Promise<void> {
  await deps.secrets.removeOwn(id);
  await deleteFolder(deps.runtimes, deps.layout.workspaceFolder(id));
  await deleteFolder(deps.runtimes, deps.layout.cacheFolder(id));
}
