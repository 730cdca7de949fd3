/**
 * Puts right what an earlier server process left: runs that were going, sandboxes with old commands in them, sandboxes
 * of conversations that are gone.
 */
import type { ConversationId } from "@openhands/protocol";
import type { SandboxProvider } from "@openhands/sandbox";
import type { Dependencies } from "./dependencies.ts";
import { openConversation } from "./open.ts";
import { startRun } from "./run.ts";

export async function reconcile(deps: Dependencies, autoResume: boolean): Promise<void> {
  const ids = await deps.store.list();
  for (const id of ids) await guarded(deps, id, async () => await closeRun(deps, id, autoResume));
  for (const provider of deps.runtimes.all()) await reconcileSandboxes(deps, provider, new Set(ids));
}

/** A conversation at rest is left alone: its metadata says so, and its log was not written since. */
async function closeRun(deps: Dependencies, id: ConversationId, autoResume: boolean): Promise<void> {
  const metadata = await deps.store.readMetadata(id);
  const wasRunning = metadata?.execution_status === "running";
  if (metadata !== null && !wasRunning && !(await deps.store.metadataIsStale(id))) return;
  const session = await openConversation(deps, id);
  if (autoResume && wasRunning && session.run === null) await startRun(deps, session);
}

async function reconcileSandboxes(
  deps: Dependencies,
  provider: SandboxProvider,
  known: ReadonlySet<ConversationId>,
): Promise<void> {
  const check = await provider.check();
  if (!check.ok) return;
  for (const id of await provider.list()) {
    await guarded(deps, id, async () => {
      if (!known.has(id) && !(await deps.store.has(id))) {
        await provider.remove(id);
        return;
      }
      const session = await openConversation(deps, id);
      await session.sandbox.start();
    });
  }
}

/** One conversation that can't be put right does not keep the others from it. */
async function guarded(deps: Dependencies, id: ConversationId, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    deps.logger.error({ err: error, conversation: id }, "a conversation could not be reconciled");
  }
}
