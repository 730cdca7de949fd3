/**
 * Messages that wait for the end of a turn: put in line, changed, taken out, delivered. Each of these goes by the line as
 * it is, so they are done one after the other.
 */
import { deliveredDraft } from "@openhands/agent";
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
 * @returns the event that says so, and the message's number @throws AppError `too_large` when too many wait
 */
export async function enqueue(
  session: Session,
  content: Content[],
): Promise<{ event: StoredEvent; n: number }> {
  return await session.lineInOrder(async () => {
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
  });
}

/**
 * The next message, now one like any other.
 * @param append writes it @returns false when none waits
 */
export async function deliverQueued(
  session: Session,
  append: (drafts: readonly EventDraft[]) => Promise<unknown>,
): Promise<boolean> {
  return await session.lineInOrder(async () => {
    const [next] = session.state.queue;
    if (next !== undefined) await append([deliveredDraft(next)]);
    return next !== undefined;
  });
}

/** @throws AppError `not_found` when it was delivered or taken out */
export async function changeQueued(session: Session, n: number, content: Content[]): Promise<QueuedMessage> {
  return await session.lineInOrder(async () => {
    const changed: QueuedMessage = { ...queued(session, n), content };
    const { queue } = session.state;
    await session.append([draft(queue.map((message) => (message.n === n ? changed : message)))]);
    return changed;
  });
}

/** @throws AppError `not_found` when it was delivered or taken out */
export async function unqueue(session: Session, n: number): Promise<void> {
  await session.lineInOrder(async () => {
    queued(session, n);
    await session.append([draft(session.state.queue.filter((message) => message.n !== n))]);
  });
}

/** Nothing waits any more. */
export async function emptyQueue(session: Session): Promise<void> {
  await session.lineInOrder(async () => {
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
