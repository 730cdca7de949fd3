/** Tells the model what came before in short, because the person wishes it. */
import { type Climbed, summariseNow } from "@openhands/agent";
import { isScripted, type Model, ModelError } from "@openhands/models";
import { AppError, type CondenseResult } from "@openhands/protocol";
import type { Dependencies } from "./dependencies.ts";
import { caughtUp, endOfEnding, ensureRun, newRun } from "./run.ts";
import type { ActiveRun, Session } from "./session.ts";

const nothing: CondenseResult = {
  success: true,
  condensed: false,
  detail: "There is nothing to condense: what came before is hardly longer than its summary would be.",
};

/**
 * The status stays as it is. While a run is going, its next request is preceded by it; messages that come while this
 * works are on disk at once, and answered when it is done.
 * @throws AppError `wrong_state` when it is stopped, `unavailable` when the model can't, `disk_full`
 */
export async function condense(deps: Dependencies, session: Session): Promise<CondenseResult> {
  await endOfEnding(session);
  if (session.closing.aborted)
    throw new AppError("wrong_state", "This conversation is being closed, so it is not condensed any more.");
  const model = deps.settings.modelFor(session.log.conversationId, session.setup);
  if (isScripted(model.name)) return nothing;
  if (session.run !== null) {
    await session.append([{ kind: "CondensationRequest", source: "user" }]);
    const detail = "The agent condenses before it asks the model again.";
    return { success: true, condensed: false, detail };
  }
  const { active, end } = newRun({ condensing: true });
  session.run = active;
  session.notice("What came before is told in short; a message is answered when that is done.");
  try {
    return await condenseNow(session, active, model);
  } finally {
    session.run = null;
    session.waitForRetry(null);
    session.notice(null);
    end();
    if (active.wanted) await session.inOrder(async () => await ensureRun(deps, session));
  }
}

async function condenseNow(session: Session, active: ActiveRun, model: Model): Promise<CondenseResult> {
  const { signal } = active.controller;
  const context = await caughtUp(session, active);
  const { condensed } = await guarded(
    signal,
    async () =>
      await summariseNow({
        model,
        context,
        signal,
        stats: () => session.state.stats,
        append: async (drafts) => await session.append(drafts),
        onRetry: (wait) => session.waitForRetry(wait),
        onTry: () => session.waitForRetry(null),
      }),
  );
  return condensed ? { success: true, condensed, detail: "What came before is told in short now." } : nothing;
}

async function guarded(signal: AbortSignal, work: () => Promise<Climbed>): Promise<Climbed> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted)
      throw new AppError("wrong_state", "It was stopped before it was done; nothing was changed.", {
        cause: error,
      });
    if (error instanceof ModelError) throw new AppError("unavailable", error.message, { cause: error });
    throw error;
  }
}
