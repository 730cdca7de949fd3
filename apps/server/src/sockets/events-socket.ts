/**
 * `/sockets/events/{id}`: first the whole state, then the log after the client's cursor, then live: in order, each
 * event once. The last read of the log and the joining of the hub happen in one turn of the event loop, so nothing
 * falls between them.
 */
import {
  AppError,
  AuthFrame,
  SendMessageRequest,
  type ServerErrorEvent,
  socketClose,
} from "@openhands/protocol";
import type { ConversationId, MessageAccepted } from "@openhands/protocol";
import type { RawData, WebSocket } from "ws";
import { seqSince } from "../conversations/seq-since.ts";
import type { Session } from "../conversations/session.ts";
import type { Logger } from "../logger.ts";
import { Frames, parseFrame, showsKey } from "./frames.ts";

/** What one reader may leave unread before it is sent away: 8 MB. */
const maxUnreadBytes = 8 * 1024 * 1024;
/** Frames of a replay between two waits for the socket to take them. */
const replayBatch = 64;
/** What who was sent away has to read that. */
const leaveSeconds = 10;

/** Where the replay begins: after a seq, at a moment (milliseconds since 1970), or not at all. */
export type ReplayStart = { readonly afterSeq: number } | { readonly since: number } | "live";

export interface EventsSocketOptions {
  readonly socket: WebSocket;
  readonly id: ConversationId;
  readonly start: ReplayStart;
  /** the request itself showed access */
  readonly hasAccess: boolean;
  readonly isSessionKey: (key: string) => boolean;
  /** @throws AppError `not_found` */
  readonly open: (id: ConversationId) => Promise<Session>;
  readonly send: (id: ConversationId, message: SendMessageRequest) => Promise<MessageAccepted | object>;
  readonly logger: Logger;
}

/** Resolves when the socket has closed. Never rejects. */
export async function serveEvents(options: EventsSocketOptions): Promise<void> {
  const { socket } = options;
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const frames = new Frames(socket);
  let leave = (): void => undefined;
  try {
    if (!options.hasAccess && !(await showsKey(socket, frames, options.isSessionKey))) {
      socket.close(socketClose.access, "no access");
      return;
    }
    const session = await options.open(options.id);
    using _ = session.use();
    frames.serve((data) => void receive(options, data));
    leave = await replayAndJoin(options, session);
    await closed;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found")
      socket.close(socketClose.unknown, "unknown conversation");
    else {
      options.logger.error({ err: error, conversation: options.id }, "an events socket failed");
      socket.close(1011, "internal error");
    }
  } finally {
    leave();
  }
}

async function replayAndJoin(options: EventsSocketOptions, session: Session): Promise<() => void> {
  const { socket } = options;
  const first = session.fullState();
  await written(socket, JSON.stringify(first));
  let seen = await lastSeenBefore(options.start, session);
  let frames = 0;
  while (seen < session.log.lastSeq && socket.readyState === socket.OPEN) {
    for await (const event of session.log.read({ afterSeq: seen })) {
      seen = event.seq;
      frames += 1;
      const frame = JSON.stringify(event);
      if (frames % replayBatch === 0) await written(socket, frame);
      else socket.send(frame);
      if (socket.readyState !== socket.OPEN) break;
    }
  }
  const leave = session.hub.join({
    send: (frame) => sendBounded(socket, frame),
    end: () => socket.close(socketClose.unknown, "the conversation was deleted"),
  });
  const now = session.fullState();
  if (JSON.stringify(now.value) !== JSON.stringify(first.value)) socket.send(JSON.stringify(now));
  for (const event of session.streamedSoFar()) socket.send(JSON.stringify(event));
  return leave;
}

async function lastSeenBefore(start: ReplayStart, { log }: Session): Promise<number> {
  if (start === "live") return log.lastSeq;
  return "afterSeq" in start ? start.afterSeq : (await seqSince(log, start.since)) - 1;
}

function sendBounded(socket: WebSocket, frame: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > maxUnreadBytes) {
    socket.close(socketClose.tooSlow, "too slow: come back with your last seq");
    // Behind what it has not read the close frame may wait for ever.
    setTimeout(() => socket.terminate(), leaveSeconds * 1000).unref();
    return;
  }
  socket.send(frame);
}

/** Resolves when the socket took the frame, also when it failed to: the close says the rest. */
async function written(socket: WebSocket, frame: string): Promise<void> {
  await new Promise<void>((resolve) => socket.send(frame, () => resolve()));
}

/** A frame of the client: a message, which always runs. What can't be used is answered, and the socket stays open. */
async function receive(options: EventsSocketOptions, data: RawData): Promise<void> {
  const value = parseFrame(data);
  if (AuthFrame.safeParse(value).success) return;
  const message = SendMessageRequest.safeParse(value);
  try {
    if (!message.success)
      throw new AppError("invalid", "The frame is no message: {role, content} is expected.");
    await options.send(options.id, { ...message.data, run: true });
  } catch (error) {
    const known = error instanceof AppError;
    if (!known) options.logger.error({ err: error, conversation: options.id }, "a frame could not be served");
    const answer: ServerErrorEvent = {
      id: crypto.randomUUID(),
      timestamp: new Date().toISOString(),
      source: "environment",
      kind: "ServerErrorEvent",
      code: known ? error.code : "internal",
      detail: known ? error.message : "OpenHands itself failed; its log says how.",
    };
    if (options.socket.readyState === options.socket.OPEN) options.socket.send(JSON.stringify(answer));
  }
}
