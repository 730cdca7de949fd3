import { rm } from "node:fs/promises";
import type { Dependencies } from "./dependencies.ts";
import type { Session } from "./session.ts";
import { conversationKeyName } from "../settings-manager.ts";
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
  await interrupt(session);
  await session.afterRun;
  deps.sessions.delete(id);
  deps.catalogue.forget(id);
  await session.log.close();
  await deps.store.remove(id, { purge });
  if (setup === null) return;
  await session.sandbox.remove();
  if (!purge) return;
  await deps.vault.remove(conversationKeyName(id));
  if (!setup.working_dir_named) await rm(setup.working_dir, { recursive: true, force: true });
}
