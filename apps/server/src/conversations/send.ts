import {
  AppError,
  type EventDraft,
  messageContent,
  type SendMessageRequest,
  type StoredEvent,
} from "@openhands/protocol";
import type { Dependencies } from "./dependencies.ts";
import { enqueue } from "./queue.ts";
import { messageInstead, rejections } from "./rejections.ts";
import { answerMessage, endOfEnding } from "./run.ts";
import type { Session } from "./session.ts";
import { statusDraft } from "./status-draft.ts";
import { interrupt } from "./stop.ts";

export function messageDraft(request: SendMessageRequest): EventDraft {
  return {
    kind: "MessageEvent",
    source: "user",
    llm_message: { role: "user", content: messageContent(request.content) },
  };
}

/** @throws AppError `invalid` for one without a word or an image */
export function checkMessage(request: SendMessageRequest): void {
  const content = messageContent(request.content);
  const says = content.some((part) =>
    part.type === "text" ? part.text.trim() !== "" : part.image_urls.length > 0,
  );
  if (!says) throw new AppError("invalid", "The message is empty.");
}

export interface Sent {
  readonly event: StoredEvent;
  /** its number in the queue, where it waits there; `event` is then the one that says so */
  readonly n: number | null;
}

/**
 * Puts a message of the person on disk; with `run` it starts a run. While one is going, its next request has the
 * message, unless `delivery` says otherwise. Actions that wait for an approval are rejected by it.
 * @throws AppError `invalid` for an empty message, `disk_full`
 */
export async function sendMessage(
  deps: Dependencies,
  session: Session,
  request: SendMessageRequest,
): Promise<Sent> {
  checkMessage(request);
  if (request.delivery === "interrupt") await interrupt(session);
  return await session.inOrder(async () => await deliver(deps, session, request));
}

async function deliver(deps: Dependencies, session: Session, request: SendMessageRequest): Promise<Sent> {
  if (session.run?.condensing !== true) await endOfEnding(session);
  const busy = session.run?.condensing === false || session.waiting;
  if (request.delivery === "queue" && busy) return await enqueue(session, messageContent(request.content));
  const rejected = session.waiting ? rejections(session, messageInstead) : [];
  const starts = request.run === true || request.delivery === "interrupt";
  const status = session.waiting || (!starts && isOver(session)) ? [statusDraft("idle")] : [];
  const event = (await session.append([...rejected, ...status, messageDraft(request)])).at(-1);
  if (event === undefined) throw new Error("the log returned no row for a message");
  if (starts) await answerMessage(deps, session);
  return { event, n: null };
}

/** What ended so has been answered, which a new message has not. */
const isOver = ({ run, state }: Session): boolean =>
  run === null && (state.executionStatus === "finished" || state.executionStatus === "stuck");
