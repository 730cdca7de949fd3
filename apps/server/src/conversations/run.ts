/** Starts the agent on a conversation, and sees to it that every end of a run is told and on disk. */
import { agentNamed, closeOpenActions, Context, interruption, run, type RunEnd } from "@openhands/agent";
import { ModelError } from "@openhands/models";
import { AppError, type EventDraft } from "@openhands/protocol";
import { SandboxError } from "@openhands/sandbox";
import { CurrentModel } from "./current-model.ts";
import { DeadlinePassed, endAtDeadline } from "./deadline.ts";
import { cutOffDrafts } from "./cut-off.ts";
import type { Dependencies } from "./dependencies.ts";
import { deliverQueued } from "./queue.ts";
import { messageInstead, rejections } from "./rejections.ts";
import type { ActiveRun, Session } from "./session.ts";
import { statusDraft } from "./status-draft.ts";
import { titleConversation } from "./title.ts";

/** Why a run was aborted: by the person, or because the server stops. */
export class Interrupted extends Error {
  readonly by: "person" | "shutdown";

  constructor(by: "person" | "shutdown") {
    super(`interrupted by ${by}`);
    this.name = "Interrupted";
    this.by = by;
  }
}

/** A pause was asked for, and there is no step to wait for. */
class PausedBetweenTries extends Error {}

/** Between two tries of a model call nothing is open, and it may take minutes: a pause that is asked for ends it. */
export function pauseBetweenTries(session: Session): void {
  const active = session.run;
  if (active?.pauseRequested !== true || active.condensing || session.retryNow === null) return;
  active.ending = true;
  active.controller.abort(new PausedBetweenTries());
}

/** Resolves once the run is on disk as running. @throws AppError `wrong_state` when one is going, `disk_full` */
export async function startRun(deps: Dependencies, session: Session): Promise<void> {
  await endOfEnding(session);
  if (session.run !== null) throw new AppError("wrong_state", "This conversation is already running.");
  if (session.waiting)
    throw new AppError(
      "wrong_state",
      "Actions wait for an approval: answer with accept true or false, or send a message, which rejects them.",
    );
  await begin(deps, session);
}

/** Starts a run with what a person has just allowed; `confirmation` says what. */
export async function startApproved(
  deps: Dependencies,
  session: Session,
  confirmation: EventDraft,
): Promise<void> {
  await begin(deps, session, [confirmation]);
}

/**
 * Sees to it that what is on disk is answered: by the run that is going, whose next request has it and which then does
 * not pause before, else by a new one. @throws AppError `wrong_state` when the conversation is being deleted, `disk_full`
 */
export async function ensureRun(deps: Dependencies, session: Session): Promise<void> {
  await endOfEnding(session);
  if (session.run === null) return await begin(deps, session);
  if (!session.run.pauseRequested) return;
  session.run.pauseRequested = false;
  session.announce();
}

/** The same for a message, which does not wait for the end of a condensation: that is followed by a run then. */
export async function answerMessage(deps: Dependencies, session: Session): Promise<void> {
  if (session.run?.condensing === true) session.run.wanted = true;
  else await ensureRun(deps, session);
}

/** Resolves when no run is ending any more: one may be going, or none. */
export async function endOfEnding(session: Session): Promise<void> {
  while (session.run?.ending === true) await session.run.done;
}

/** Only where none is going. @param first what is appended with it; without it, open actions are closed */
async function begin(deps: Dependencies, session: Session, first?: readonly EventDraft[]): Promise<void> {
  if (session.closing.aborted)
    throw new AppError(
      "wrong_state",
      "This conversation is being closed, so the agent does not start any more.",
    );
  const { active, end } = newRun({ condensing: false });
  session.run = active;
  try {
    session.notice(null);
    const opening = first ?? closeOpenActions(session.state, interruption.restart);
    await session.append([...opening, statusDraft("running")]);
  } catch (error) {
    session.run = null;
    end();
    throw error;
  }
  void drive(deps, session, active).then(end);
}

/** @returns what takes the conversation's place for a run, and what says that it has ended */
export function newRun({ condensing }: Pick<ActiveRun, "condensing">): {
  active: ActiveRun;
  end: () => void;
} {
  const { promise: done, resolve: end } = Promise.withResolvers<void>();
  const controller = new AbortController();
  return {
    active: {
      controller,
      pauseRequested: false,
      ending: condensing,
      condensing,
      wanted: false,
      done,
      context: null,
      model: null,
    },
    end,
  };
}

/** Never rejects. */
async function drive(deps: Dependencies, session: Session, active: ActiveRun): Promise<void> {
  const inTime = endAtDeadline(deps, active);
  const drafts = await runToItsEnd(deps, session, active);
  inTime();
  session.resetStream();
  session.waitForRetry(null);
  active.ending = true;
  await guarded(deps, session, "the end of a run could not be written", async () => {
    await session.append(drafts);
    session.notice(null);
  });
  session.run = null;
  session.rest();
  // Its end could not be written, so no event has told it: who looks on would see it running for ever.
  if (session.state.executionStatus === "running") {
    session.announce();
    deps.catalogue.note(session, null);
  }
  session.afterRun = guarded(deps, session, "what follows a run failed", async () => {
    await deps.store.extendTrajectory(session.log);
    await session.inOrder(async () => await answerWhatCame(deps, session));
    if (session.state.executionStatus === "finished") await titleConversation(deps, session);
  });
}

/** A message that came while the run ended is answered by another one. */
async function answerWhatCame(deps: Dependencies, session: Session): Promise<void> {
  const { executionStatus, lastUserMessageSeq, lastAgentSeq } = session.state;
  if (session.run !== null || session.closing.aborted) return;
  if (lastUserMessageSeq <= lastAgentSeq) {
    // it was put in line when the loop had looked for the last time
    if (executionStatus === "finished")
      await deliverQueued(session, async (drafts) => await begin(deps, session, drafts));
    return;
  }
  if (executionStatus === "finished") await begin(deps, session);
  // it came while the actions that now wait were written
  if (session.waiting) await begin(deps, session, rejections(session, messageInstead));
}

/** What fails after a run is told and logged: the log on disk is what counts, and it is as it was. */
async function guarded(
  deps: Dependencies,
  session: Session,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    deps.logger.error({ err: error, conversation: session.log.conversationId }, what);
    session.notice(error instanceof AppError ? error.message : null);
  }
}

/** The events that say how the run ended. */
async function runToItsEnd(deps: Dependencies, session: Session, active: ActiveRun): Promise<EventDraft[]> {
  const { signal } = active.controller;
  try {
    const context = await caughtUp(session, active);
    const model = new CurrentModel(() => deps.settings.modelFor(session.log.conversationId, session.setup));
    active.model = model;
    const append = async (drafts: readonly EventDraft[]) => await session.append(drafts);
    const end = await run({
      model,
      agent: agentNamed(session.setup.agent),
      grants: () => deps.settings.grants,
      sandbox: async () => await session.sandbox.tools(),
      attachment: async (name) => await session.log.attachment(name),
      outputs: deps.store.outputs(session.log.conversationId),
      redact: (text) => deps.redactor.text(text),
      signal,
      pauseRequested: () => active.pauseRequested,
      maxIterations: session.setup.max_iterations,
      maxBudget: session.setup.max_budget ?? null,
      context,
      state: () => session.state,
      append,
      deliverQueued: async () => await deliverQueued(session, append),
      onDelta: (delta) => {
        session.notice(null);
        session.stream(delta);
      },
      onToolOutput: (call, text) => session.toolOutput.push(call, text),
      onTry: () => session.waitForRetry(null),
      onRetry: (wait) => {
        session.resetStream();
        session.waitForRetry(wait);
        pauseBetweenTries(session);
      },
    });
    return endDrafts(end, session.closing.aborted);
  } catch (error) {
    if (signal.aborted) return interruptedDrafts(session, signal.reason);
    return failedDrafts(deps, session, error);
  }
}

/** The context of everything in the log; from then on the session keeps it up with each new row. */
export async function caughtUp(session: Session, active: ActiveRun): Promise<Context> {
  const context = new Context();
  let seen = -1;
  while (seen < session.log.lastSeq) {
    for await (const event of session.log.read({ afterSeq: seen })) {
      context.push(event);
      seen = event.seq;
    }
  }
  active.context = context;
  return context;
}

/** @param byServer it stops, so nobody has asked for a pause */
function endDrafts(end: RunEnd, byServer: boolean): EventDraft[] {
  if (end.status === "finished" || end.status === "waiting_for_confirmation")
    return [statusDraft(end.status)];
  if (end.status === "paused") {
    return byServer ? [...cutOffDrafts] : [{ kind: "PauseEvent", source: "user" }, statusDraft("paused")];
  }
  return [errorDraft(end.code, end.detail), statusDraft(end.status)];
}

function interruptedDrafts(session: Session, reason: unknown): EventDraft[] {
  if (reason instanceof PausedBetweenTries) return endDrafts({ status: "paused" }, session.closing.aborted);
  if (reason instanceof DeadlinePassed) {
    const closed = closeOpenActions(session.state, interruption.deadline);
    return [...closed, errorDraft("MaxRunSecondsReached", reason.message), statusDraft("error")];
  }
  const byPerson = reason instanceof Interrupted && reason.by === "person";
  if (!byPerson) return [...closeOpenActions(session.state, interruption.restart), ...cutOffDrafts];
  const closed = closeOpenActions(session.state, interruption.stop);
  return [...closed, { kind: "InterruptEvent", source: "user" }, statusDraft("paused")];
}

function failedDrafts(deps: Dependencies, session: Session, error: unknown): EventDraft[] {
  const { code, detail } = explain(error);
  deps.logger.error(
    { err: error, conversation: session.log.conversationId, code },
    "a run ended in an error",
  );
  return [...closeOpenActions(session.state, detail), errorDraft(code, detail), statusDraft("error")];
}

function explain(error: unknown): { code: string; detail: string } {
  if (error instanceof ModelError) return { code: `model_${error.kind}`, detail: error.message };
  if (error instanceof SandboxError) return { code: "sandbox", detail: error.message };
  if (error instanceof AppError) return { code: error.code, detail: error.message };
  return {
    code: "internal",
    detail: "OpenHands itself failed; its log says how. Send a message to let it go on.",
  };
}

function errorDraft(code: string, detail: string): EventDraft {
  return { kind: "ConversationErrorEvent", source: "environment", code, detail };
}
