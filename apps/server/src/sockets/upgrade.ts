/** Takes upgrades of the HTTP server: which socket is asked for, may it be, keeps it alive, closes all at the end. */
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { AppError, type ConversationId, socketClose } from "@openhands/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import type { Gate } from "../access/gate.ts";
import { systemClock } from "../clock.ts";
import type { PersonTerminals } from "../conversations/person-terminals.ts";
import type { SessionManager } from "../conversations/session-manager.ts";
import type { Logger } from "../logger.ts";
import { type ReplayStart, serveEvents } from "./events-socket.ts";
import { Frames, maxFrameBytes, showsKey } from "./frames.ts";
import { serveTerminal } from "./terminal-socket.ts";
import { Heartbeat } from "./heartbeat.ts";
import { type SocketNoun, socketOfPath } from "./registry.ts";

export interface SocketsOptions {
  readonly gate: Gate;
  readonly sessions: SessionManager;
  readonly terminals: PersonTerminals;
  readonly logger: Logger;
}

export class Sockets {
  readonly #options: SocketsOptions;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes });
  readonly #heartbeat = new Heartbeat(systemClock);

  constructor(options: SocketsOptions) {
    this.#options = options;
  }

  /** Reads what is asked for, before the handshake, and gives what serves it. @throws AppError `invalid` */
  readonly #serve: Readonly<Record<SocketNoun, (query: URLSearchParams) => (accepted: Accepted) => void>> = {
    events: (query) => {
      const start = startOf(query);
      return (accepted) => this.#serveEvents(accepted, start);
    },
    terminal: (query) => (accepted) => this.#serveTerminal(accepted, query),
  };

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
    this.#heartbeat.stop();
    for (const socket of this.#server.clients) {
      socket.close(socketClose.restarting, "restarting");
      setTimeout(() => socket.terminate(), 500).unref();
    }
    this.#server.close();
  }

  #take(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const { gate, logger } = this.#options;
    const url = URL.parse(request.url ?? "/", "http://localhost");
    if (url === null) throw new AppError("not_found", "There is no such socket.");
    const asksFor = socketOfPath(url.pathname);
    const asked = { method: "GET", header: (name: string) => headerOf(request, name) };
    gate.checkOrigin(asked);
    const queryKey = url.searchParams.get("session_api_key");
    const hasAccess = gate.hasAccess(asked, queryKey);
    // who shows none may still show it in the first frame
    const showsWrongKey = !hasAccess && (queryKey ?? asked.header("x-session-api-key")) !== undefined;
    if (asksFor === null) throw new AppError("not_found", "There is no such socket.");
    const { noun, id } = asksFor;
    const serve = this.#serve[noun](url.searchParams);
    this.#server.handleUpgrade(request, connection, head, (socket) => {
      this.#heartbeat.watch(socket);
      socket.on("error", (error) => logger.debug({ err: error }, "socket error"));
      if (showsWrongKey) return socket.close(socketClose.access);
      if (hasAccess && queryKey === null) {
        const end = (): void => socket.close(socketClose.access, "signed out");
        socket.once("close", gate.openWith(asked, end));
      }
      if (id === null) return void this.#refuseUnknown(socket, hasAccess);
      serve({ socket, id, hasAccess });
    });
  }

  /** Who shows no key is not told what there is. */
  async #refuseUnknown(socket: WebSocket, hasAccess: boolean): Promise<void> {
    const { gate } = this.#options;
    const shown = hasAccess || (await showsKey(socket, new Frames(socket), (key) => gate.isSessionKey(key)));
    socket.close(shown ? socketClose.unknown : socketClose.access);
  }

  #serveEvents(accepted: Accepted, start: ReplayStart): void {
    const { gate, sessions, logger } = this.#options;
    void serveEvents({
      ...accepted,
      start,
      isSessionKey: (key) => gate.isSessionKey(key),
      open: async (conversation) => await sessions.open(conversation),
      send: async (conversation, message) => await sessions.send(conversation, message),
      logger,
    });
  }

  #serveTerminal(accepted: Accepted, query: URLSearchParams): void {
    const { gate, sessions, terminals, logger } = this.#options;
    void serveTerminal({
      ...accepted,
      terminal: query.get("session"),
      dimensions: { columns: lengthOf(query, "cols", 80), rows: lengthOf(query, "rows", 24) },
      isSessionKey: (key) => gate.isSessionKey(key),
      open: async (conversation) => await sessions.open(conversation),
      terminals,
      logger,
    });
  }
}

/** A socket that was accepted, and whether its request showed access. */
interface Accepted {
  readonly socket: WebSocket;
  readonly id: ConversationId;
  readonly hasAccess: boolean;
}

function lengthOf(query: URLSearchParams, name: string, usual: number): number {
  const length = Number(query.get(name) ?? usual);
  return Number.isInteger(length) && length >= 1 && length <= 1000 ? length : usual;
}

/**
 * `after_seq=N`, or V1's `resend_mode=all` and `resend_mode=since` with `after_timestamp`.
 * @throws AppError `invalid`: who is misunderstood would miss events, and never know
 */
function startOf(query: URLSearchParams): ReplayStart {
  const after = query.get("after_seq") ?? "";
  if (after !== "") {
    if (!/^-?\d+$/.test(after)) throw new AppError("invalid", "after_seq: a whole number is expected.");
    return { afterSeq: Math.max(-1, Number(after)) };
  }
  const mode = query.get("resend_mode");
  if (mode === "all" || query.get("resend_all") === "true") return { afterSeq: -1 };
  if (mode === null || mode === "") return "live";
  if (mode !== "since") throw new AppError("invalid", "resend_mode: all or since is expected.");
  const since = Date.parse(query.get("after_timestamp") ?? "");
  if (Number.isNaN(since))
    throw new AppError("invalid", "after_timestamp: a moment is expected, in ISO 8601.");
  return { since };
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
