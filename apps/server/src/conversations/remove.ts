import type { Dependencies } from "./dependencies.ts";
import type { Session } from "./session.ts";
import { interrupt } from "./stop.ts";
import { removeFiles } from "./trash.ts";

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
  if (setup !== null) await removeSandbox(deps, session);
  if (purge) await removeFiles(deps, id);
}

/** An engine that does not answer keeps nothing: the next start removes what is left of deleted conversations. */
async function removeSandbox(deps: Dependencies, session: Session): Promise<void> {
  try {
    await session.sandbox.remove();
  } catch (error) {
    const conversation = session.log.conversationId;
    deps.logger.warn(
      { err: error, conversation },
      "the sandbox of a deleted conversation could not be removed",
    );
  }
}
