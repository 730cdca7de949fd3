/**
 * `/sockets/terminal/{id}`: a shell in the sandbox for the person. Binary frames are its bytes, both ways; text frames
 * say what is not part of them. What it shows is the person's own and is not redacted.
 */
import {
  AppError,
  type ConversationId,
  socketClose,
  TerminalFrame,
  type TerminalNotice,
} from "@openhands/protocol";
import { type PersonTerminal, SandboxError, type TerminalDimensions } from "@openhands/sandbox";
import type { WebSocket } from "ws";
import type { KeptTerminal, PersonTerminals } from "../conversations/person-terminals.ts";
import type { Session } from "../conversations/session.ts";
import type { Logger } from "../logger.ts";
import { bytesOf, Frames, parseFrame, showsKey } from "./frames.ts";

/** What one viewer may leave unread before the shell waits for it. */
const maxUnreadBytes = 1024 * 1024;
/** What one viewer may have typed before the shell took any of it. */
const maxUntakenBytes = 1024 * 1024;
/** after which a viewer that reads nothing is sent away */
const unreadSeconds = 10;

export interface TerminalSocketOptions {
  readonly socket: WebSocket;
  readonly id: ConversationId;
  /** of an earlier connection, to come back to its shell; null: a new one */
  readonly terminal: string | null;
  readonly dimensions: TerminalDimensions;
  readonly hasAccess: boolean;
  readonly isSessionKey: (key: string) => boolean;
  /** @throws AppError `not_found` */
  readonly open: (id: ConversationId) => Promise<Session>;
  readonly terminals: PersonTerminals;
  readonly logger: Logger;
}

/** Resolves when the socket has closed. Never rejects. */
export async function serveTerminal(options: TerminalSocketOptions): Promise<void> {
  const { socket } = options;
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const frames = new Frames(socket);
  try {
    if (!options.hasAccess && !(await showsKey(socket, frames, options.isSessionKey))) {
      socket.close(socketClose.access, "no access");
      return;
    }
    const session = await options.open(options.id);
    using _ = session.use();
    const kept = await options.terminals.open(session, options.terminal, options.dimensions);
    await serve(options, { kept, frames, closed });
  } catch (error) {
    closeAfter(error, options);
  }
}

async function serve(
  { socket, dimensions, terminal: wanted, logger }: TerminalSocketOptions,
  { kept, frames, closed }: { kept: KeptTerminal; frames: Frames; closed: Promise<void> },
): Promise<void> {
  const { id, terminal } = kept;
  const resize = (to: TerminalDimensions): void => {
    terminal.resize(to).catch((error: unknown) => logger.debug({ err: error }, "a terminal kept its size"));
  };
  tell(socket, { type: "session", session: id, restored: id === wanted });
  const leave = await kept.attach({ show: async (bytes) => await shown(socket, bytes) });
  // the screen was drawn in its old size; who looks now has this one
  if (id === wanted) resize(dimensions);
  const type = createTypist(socket, terminal);
  frames.serve((data, isBinary) => {
    if (isBinary) return type(bytesOf(data));
    const frame = TerminalFrame.safeParse(parseFrame(data));
    if (frame.success && frame.data.type === "resize")
      resize({ columns: frame.data.cols, rows: frame.data.rows });
  });
  const ended = await Promise.race([terminal.ended, closed]);
  leave();
  if (ended === undefined) return;
  tell(socket, { type: "exit", code: ended.code });
  socket.close(1000, "the shell has ended");
}

/** Reads no more from a viewer who types faster than the shell takes it. */
function createTypist(socket: WebSocket, terminal: PersonTerminal): (bytes: Buffer) => void {
  let untaken = 0;
  const type = async (bytes: Buffer): Promise<void> => {
    untaken += bytes.length;
    if (untaken > maxUntakenBytes) socket.pause();
    await terminal.write(bytes);
    untaken -= bytes.length;
    if (untaken <= maxUntakenBytes) socket.resume();
  };
  return (bytes) => void type(bytes);
}

/** Resolves when the viewer has read enough of what it was sent, or is sent away for reading nothing. */
async function shown(socket: WebSocket, bytes: Uint8Array): Promise<void> {
  if (socket.readyState !== socket.OPEN || bytes.length === 0) return;
  const read = new Promise<void>((resolve) => socket.send(bytes, { binary: true }, () => resolve()));
  if (socket.bufferedAmount <= maxUnreadBytes) return;
  const timer = setTimeout(() => {
    socket.close(socketClose.tooSlow, "too slow: come back to this terminal");
    socket.terminate();
  }, unreadSeconds * 1000);
  await read;
  clearTimeout(timer);
}

function tell(socket: WebSocket, notice: TerminalNotice): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(notice));
}

function closeAfter(error: unknown, { socket, id, logger }: TerminalSocketOptions): void {
  if (error instanceof AppError && error.code === "not_found")
    return socket.close(socketClose.unknown, "unknown conversation");
  const known = error instanceof AppError || error instanceof SandboxError;
  if (!known) logger.error({ err: error, conversation: id }, "a terminal socket failed");
  tell(socket, {
    type: "error",
    detail: known ? error.message : "OpenHands itself failed; its log says how.",
  });
  const isTooMany = error instanceof AppError && error.code === "too_many";
  socket.close(isTooMany ? socketClose.tooSlow : 1011, "no terminal");
}
