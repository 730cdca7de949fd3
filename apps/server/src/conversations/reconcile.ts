/**
 * Puts right what an earlier server process left, and by the clock what went wrong since: runs that were going,
 * conversations that were never made, sandboxes with old commands in them, sandboxes of conversations that are gone.
 */
import type { ConversationId, ConversationMetadata } from "@openhands/protocol";
import type { SandboxProvider } from "@openhands/sandbox";
import type { Dependencies } from "./dependencies.ts";
import { leaveUnused } from "./leave-memory.ts";
import { lookIntoConversation, openConversation } from "./open.ts";
import { removeUnmade } from "./remove-unmade.ts";
import { startRun } from "./run.ts";

export interface ReconcileOptions {
  /** runs that a restart cut off go on */
  readonly autoResume: boolean;
  /** the server stops: what is not done yet is left to the next one */
  readonly signal: AbortSignal;
}

/** Once, at the start of a server. Resolves early when it stops. */
export async function reconcile(deps: Dependencies, options: ReconcileOptions): Promise<void> {
  const { signal } = options;
  await deps.catalogue.readAll({
    putRight: async (id) => await closeRun(deps, id, options.autoResume),
    signal,
  });
  if (signal.aborted) return;
  const starting: Promise<void>[] = [];
  await eachSandbox(deps, signal, async (id, provider) => {
    if (await removeIfOrphan(deps, id, provider)) return;
    const session = await openConversation(deps, id);
    starting.push(session.sandbox.start());
  });
  await deps.pool.removeLeftovers(async (id) => await deps.store.has(id));
  await settledOrAborted(starting, signal);
  if (!signal.aborted) deps.pool.fill();
}

/** By the clock, and when a person asks: sandboxes that nobody answers for go. @returns how many */
export async function removeOrphans(deps: Dependencies, signal: AbortSignal): Promise<number> {
  let removed = 0;
  await eachSandbox(deps, signal, async (id, provider) => {
    if (deps.pool.has(id)) return;
    if (await deps.store.has(id)) {
      const session = await openConversation(deps, id);
      // one that ended by itself is of no use to a conversation that has not needed it since
      if (session.run !== null || !session.sandbox.isOut) return;
    }
    await provider.remove(id);
    removed += 1;
  });
  deps.pool.fill();
  return removed;
}

/**
 * A conversation at rest is left alone: its metadata, which is the answer then, says so, and its log was not written
 * since. Where they don't it is looked into, and leaves memory again if it is at rest.
 */
async function closeRun(
  deps: Dependencies,
  id: ConversationId,
  autoResume: boolean,
): Promise<ConversationMetadata | null> {
  const metadata = await deps.store.readCurrentMetadata(id);
  const takenUp = autoResume && metadata?.cut_off === true;
  const isAtRest = metadata !== null && metadata.last_seq >= 0 && metadata.execution_status !== "running";
  if (isAtRest && !takenUp) return metadata;
  const session = await lookIntoConversation(deps, id);
  if (await removeUnmade(deps, session)) return null;
  if (autoResume && session.state.cutOff && session.run === null) await startRun(deps, session);
  await leaveUnused(deps, id);
  return session.log.lastSeq < 0 ? null : session.metadata;
}

/** One that can't be put right does not keep the others from it. */
async function eachSandbox(
  deps: Dependencies,
  signal: AbortSignal,
  act: (id: ConversationId, provider: SandboxProvider) => Promise<void>,
): Promise<void> {
  for (const provider of deps.runtimes.all()) {
    if (!(await provider.check()).ok) continue;
    for (const id of await provider.list()) {
      if (signal.aborted) return;
      await guarded(deps, id, async () => await act(id, provider));
    }
  }
}

/** @returns false: it is a conversation's */
async function removeIfOrphan(
  deps: Dependencies,
  id: ConversationId,
  provider: SandboxProvider,
): Promise<boolean> {
  if (deps.pool.has(id)) return true;
  if (await deps.store.has(id)) return false;
  await provider.remove(id);
  return true;
}

async function settledOrAborted(work: readonly Promise<void>[], signal: AbortSignal): Promise<void> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const abort = (): void => resolve();
  if (signal.aborted) return;
  signal.addEventListener("abort", abort, { once: true });
  await Promise.race([Promise.all(work), aborted]);
  signal.removeEventListener("abort", abort);
}

async function guarded(deps: Dependencies, id: ConversationId, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    deps.logger.error({ err: error, conversation: id }, "a conversation could not be reconciled");
  }
}
