/** Takes upgrades of the HTTP server: which socket is asked for, may it be, keeps it alive, closes all at the end. */
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { AppError, ConversationId, socketClose } from "@openhands/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import type { Gate } from "../access/gate.ts";
import type { SessionManager } from "../conversations/session-manager.ts";
import type { Logger } from "../logger.ts";
import { serveEvents } from "./events-socket.ts";

const heartbeatMs = 30_000;
/** A message of a person with images may be large. */
const maxFrameBytes = 32 * 1024 * 1024;

export interface SocketsOptions {
  readonly gate: Gate;
  readonly sessions: SessionManager;
  readonly logger: Logger;
}

export class Sockets {
  readonly #options: SocketsOptions;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes });
  readonly #alive = new WeakSet<WebSocket>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: SocketsOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
    this.#heartbeat.unref();
  }

  /** how many are open */
  get size(): number {
    return this.#server.clients.size;
  }

  /** For the HTTP server's `upgrade` event. */
  readonly upgrade = (request: IncomingMessage, connection: Duplex, head: Buffer): void => {
    // Node hands the connection over bare: a reset by the other side without a listener would end the process.
    connection.on("error", (error) => this.#options.logger.debug({ err: error }, "upgrade connection error"));
    try {
      this.#take(request, connection, head);
    } catch (error) {
      const known = error instanceof AppError ? error : null;
      if (known === null) this.#options.logger.error({ err: error }, "an upgrade failed");
      refuse(connection, known?.status ?? 500, known?.message ?? "internal error");
    }
  };

  /** Tells every socket to come back later. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const socket of this.#server.clients) {
      socket.close(socketClose.restarting, "restarting");
      setTimeout(() => socket.terminate(), 500).unref();
    }
    this.#server.close();
  }

  #take(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const { gate, sessions, logger } = this.#options;
    const url = URL.parse(request.url ?? "/", "http://localhost");
    if (url === null) throw new AppError("not_found", "There is no such socket.");
    const id = ConversationId.safeParse(/^\/sockets\/events\/([^/]+)$/.exec(url.pathname)?.[1]);
    const asked = { method: "GET", header: (name: string) => headerOf(request, name) };
    gate.checkOrigin(asked);
    const hasAccess = gate.hasAccess(asked, url.searchParams.get("session_api_key"));
    if (!url.pathname.startsWith("/sockets/events/"))
      throw new AppError("not_found", "There is no such socket.");
    this.#server.handleUpgrade(request, connection, head, (socket) => {
      this.#keepAlive(socket);
      socket.on("error", (error) => logger.debug({ err: error }, "socket error"));
      if (!id.success) {
        socket.close(hasAccess ? socketClose.unknown : socketClose.access);
        return;
      }
      void serveEvents({
        socket,
        id: id.data,
        afterSeq: cursor(url.searchParams),
        hasAccess,
        isSessionKey: (key) => gate.isSessionKey(key),
        open: async (conversation) => await sessions.open(conversation),
        send: async (conversation, message) => await sessions.send(conversation, message),
        logger,
      });
    });
  }

  #keepAlive(socket: WebSocket): void {
    this.#alive.add(socket);
    socket.on("pong", () => this.#alive.add(socket));
  }

  /** Who has not answered the last ping is gone. */
  #beat(): void {
    for (const socket of this.#server.clients) {
      if (!this.#alive.has(socket)) {
        socket.terminate();
        continue;
      }
      this.#alive.delete(socket);
      socket.ping();
    }
  }
}

/** `after_seq=N`, or V1's `resend_mode=all`; null: live only. */
function cursor(query: URLSearchParams): number | null {
  const after = query.get("after_seq");
  if (after !== null && /^-?\d+$/.test(after)) return Math.max(-1, Number(after));
  return query.get("resend_mode") === "all" || query.get("resend_all") === "true" ? -1 : null;
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}

function refuse(connection: Duplex, status: number, detail: string): void {
  connection.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(detail)}\r\n\r\n${detail}`,
  );
}
