import { rm } from "node:fs/promises";
import type { Dependencies } from "./dependencies.ts";
import type { Session } from "./session.ts";
import { interrupt } from "./stop.ts";

/**
 * To the trash, or gone at once with `purge`; the container goes in both cases. A folder that the user named is never
 * touched.
 */
export async function removeConversation(
  deps: Dependencies,
  session: Session,
  purge: boolean,
): Promise<void> {
  const id = session.log.conversationId;
  const { setup } = session.state;
  session.beginToClose();
  await interrupt(session);
  await session.afterRun;
  await session.log.close();
  // Nothing may write into the folder once it has moved, and nobody may open it again before: hence this order.
  await deps.catalogue.forget(id);
  try {
    await deps.store.remove(id, { purge });
  } finally {
    deps.sessions.delete(id);
  }
  session.hub.end();
  if (setup === null) return;
  try {
    await session.sandbox.remove();
  } catch (error) {
    // An engine that does not answer keeps nothing: the next start removes what is left of deleted conversations.
    deps.logger.warn(
      { err: error, conversation: id },
      "the sandbox of a deleted conversation could not be removed",
    );
  }
  if (!purge) return;
  await deps.secrets.removeOwn(id);
  if (!setup.working_dir_named) await rm(setup.working_dir, { recursive: true, force: true });
}
