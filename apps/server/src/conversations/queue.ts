/**
 * Messages that wait for the end of a turn: put in line, changed, taken out. The loop delivers them. Each of these writes
 * the whole line, so they are done one after the other.
 */
import {
  AppError,
  type Content,
  type EventDraft,
  type Queue,
  type QueuedMessage,
  type StoredEvent,
} from "@openhands/protocol";
import type { Session } from "./session.ts";

/** So many wait at most. */
const maxQueued = 100;

/**
 * For who calls in the session's order.
 * @returns the event that says so, and the message's number @throws AppError `too_large` when too many wait
 */
export async function enqueue(
  session: Session,
  content: Content[],
): Promise<{ event: StoredEvent; n: number }> {
  const { queue, lastQueued } = session.state;
  if (queue.length >= maxQueued)
    throw new AppError(
      "too_large",
      `${maxQueued} messages wait already; send this one when some are delivered.`,
    );
  const n = lastQueued + 1;
  const [event] = await session.append([
    draft([...queue, { n, content, created_at: new Date().toISOString() }]),
  ]);
  if (event === undefined) throw new Error("the log returned no row for a queued message");
  return { event, n };
}

/** @throws AppError `not_found` when it was delivered or taken out */
export async function changeQueued(session: Session, n: number, content: Content[]): Promise<QueuedMessage> {
  return await session.inOrder(async () => {
    const changed: QueuedMessage = { ...queued(session, n), content };
    const { queue } = session.state;
    await session.append([draft(queue.map((message) => (message.n === n ? changed : message)))]);
    return changed;
  });
}

/** @throws AppError `not_found` when it was delivered or taken out */
export async function unqueue(session: Session, n: number): Promise<void> {
  await session.inOrder(async () => {
    queued(session, n);
    await session.append([draft(session.state.queue.filter((message) => message.n !== n))]);
  });
}

/** Nothing waits any more. */
export async function emptyQueue(session: Session): Promise<void> {
  await session.inOrder(async () => {
    if (session.state.queue.length > 0) await session.append([draft([])]);
  });
}

/** @throws AppError `not_found` when it was delivered or taken out */
export function queued(session: Session, n: number): QueuedMessage {
  const message = session.state.queue.find((candidate) => candidate.n === n);
  if (message !== undefined) return message;
  throw new AppError("not_found", "No such message waits; it may have been delivered.");
}

function draft(queue: Queue): EventDraft {
  return { kind: "ConversationStateUpdateEvent", source: "user", key: "queue", value: queue };
}
