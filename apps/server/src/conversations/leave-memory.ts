/**
 * A conversation that nobody has used for a while leaves memory; the next use opens it again from its log. So only one
 * of which memory knows nothing more than the disk does may leave: nothing runs, waits, is listened to or held.
 */
import type { ConversationId } from "@openhands/protocol";
import type { Dependencies } from "./dependencies.ts";
import type { Session } from "./session.ts";
import type { Leaving } from "./sessions.ts";

/** What a call may take from asking for a conversation to its end with it, at the very least. */
const leastSeconds = 10;

/** @param seconds unused for so long. Never rejects */
export async function leaveMemory(deps: Dependencies, seconds: number): Promise<void> {
  // What is read for the listing now would be put there as it was.
  if (deps.catalogue.incomplete !== null) return;
  const unused = Math.max(seconds, leastSeconds) * 1000;
  await deps.sessions.letLeave(unused, leavingOf(deps));
}

/** One that was only looked into leaves at once. Never rejects */
export async function leaveUnused(deps: Dependencies, id: ConversationId): Promise<void> {
  await deps.sessions.letUnusedLeave(id, leavingOf(deps));
}

const leavingOf = (deps: Dependencies): Leaving => ({
  mayLeave,
  close: async (session) => await close(deps, session),
});

function mayLeave(session: Session): boolean {
  const { state, info } = session;
  if (state.setup === null || session.isInUse || session.closing.aborted) return false;
  if (state.executionStatus === "running" || state.queue.length > 0) return false;
  if (info.notice !== null || info.retry !== null || info.waits_for !== null) return false;
  return session.sandbox.isOut && ["none", "suspended"].includes(session.sandbox.state.status);
}

/** Whoever holds it still, against all rules, begins nothing with it any more. */
async function close(deps: Dependencies, session: Session): Promise<void> {
  const id = session.log.conversationId;
  session.beginToClose();
  try {
    await session.sandbox.close();
    await deps.catalogue.leave(id);
    await session.log.close();
  } catch (error) {
    deps.logger.error({ err: error, conversation: id }, "a conversation could not leave memory in order");
  }
}
