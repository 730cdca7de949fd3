/**
 * Follows the log of one conversation over a socket that may break at any moment. Keeps one promise: `onEvent` is told
 * each stored event after `afterSeq` in order and exactly once, however often the connection is cut.
 */
import { type StoredEvent, type TransientEvent } from "@openhands/protocol";
import { backoffDelay, type BackoffLimits } from "./backoff.ts";
import type { Client } from "./client.ts";
import { pageOrigin } from "./page-origin.ts";
import { readFrame } from "./read-event.ts";
import { type StopReason, stopReasonOf } from "./stop-reason.ts";

/** "waiting": the connection is lost and the next try is not due yet. */
export type FollowState = "connecting" | "open" | "waiting";

export interface FollowOptions {
  readonly client: Pick<Client, "baseUrl" | "sessionApiKey">;
  readonly conversationId: string;
  /** seq of the last event that is known already; -1: from the first */
  readonly afterSeq: number;
  readonly onEvent: (event: StoredEvent) => void;
  readonly onTransient?: (event: TransientEvent) => void;
  readonly onState?: (state: FollowState) => void;
  /** Following has ended and will not be taken up again. */
  readonly onStop?: (reason: StopReason) => void;
  readonly WebSocket?: typeof globalThis.WebSocket;
  readonly backoff?: BackoffLimits;
}

export interface EventFollower {
  /** seq of the last event told; where a later follower goes on */
  readonly lastSeq: number;
  close(): void;
}

const defaultBackoff: BackoffLimits = { first: 250, longest: 15_000 };
/** The server pings twice a minute, so a socket this long silent after a wake may be dead without knowing it. */
const silenceBeforeDoubt = 90_000;
const normalClosure = 1000;
const wakeEvents = ["online", "focus", "visibilitychange"] as const;

export function followEvents(options: FollowOptions): EventFollower {
  return new Follower(options);
}

class Follower implements EventFollower {
  lastSeq: number;
  readonly #options: FollowOptions;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  #heardAt = 0;
  #closed = false;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.lastSeq = options.afterSeq;
    for (const name of wakeEvents) wakeTarget()?.addEventListener(name, this.#wake);
    this.#connect();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const name of wakeEvents) wakeTarget()?.removeEventListener(name, this.#wake);
    this.#cancelTimer();
    this.#dropSocket();
  }

  #connect(): void {
    this.#cancelTimer();
    const WebSocketOfHost = this.#options.WebSocket ?? globalThis.WebSocket;
    const socket = new WebSocketOfHost(this.#url());
    this.#socket = socket;
    this.#heardAt = Date.now();
    this.#options.onState?.("connecting");
    socket.addEventListener("open", () => this.#opened(socket));
    socket.addEventListener("message", (message) => this.#heard(socket, message.data));
    socket.addEventListener("close", (close) => this.#lost(socket, close.code));
  }

  #url(): string {
    const { client, conversationId } = this.#options;
    const base = client.baseUrl === "" ? pageOrigin() : client.baseUrl;
    const id = encodeURIComponent(conversationId);
    return `${base.replace(/^http/, "ws")}/sockets/events/${id}?after_seq=${this.lastSeq}`;
  }

  #opened(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    const key = this.#options.client.sessionApiKey;
    if (key !== undefined) socket.send(JSON.stringify({ type: "auth", session_api_key: key }));
    this.#heardAt = Date.now();
    this.#options.onState?.("open");
  }

  #heard(socket: WebSocket, data: unknown): void {
    if (socket !== this.#socket || typeof data !== "string") return;
    this.#heardAt = Date.now();
    // Only what the server said proves the connection: one that is accepted and cut at once must back off.
    this.#failures = 0;
    const frame = readFrame(data);
    if (frame.type === "transient") return this.#options.onTransient?.(frame.event);
    if (frame.event.seq <= this.lastSeq) return;
    this.lastSeq = frame.event.seq;
    this.#options.onEvent(frame.event);
  }

  #lost(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    const reason = stopReasonOf(code);
    if (reason !== null) {
      this.close();
      return this.#options.onStop?.(reason);
    }
    const delay = backoffDelay(this.#failures, this.#options.backoff ?? defaultBackoff, Math.random());
    this.#failures += 1;
    this.#timer = setTimeout(() => this.#connect(), delay);
    this.#options.onState?.("waiting");
  }

  /** The person is back, or the network: try now instead of later, and do not trust a socket that fell silent. */
  readonly #wake = (event: Event): void => {
    if (this.#timer !== null) return this.#connect();
    const doubtful = event.type === "online" || Date.now() - this.#heardAt > silenceBeforeDoubt;
    if (!doubtful || this.#socket?.readyState !== 1) return;
    this.#dropSocket();
    this.#connect();
  };

  #dropSocket(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(normalClosure);
  }

  #cancelTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** The window of a page; null elsewhere. */
function wakeTarget(): EventTarget | null {
  const scope: unknown = globalThis;
  return scope instanceof EventTarget ? scope : null;
}
