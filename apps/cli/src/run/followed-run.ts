/** One run, followed to its end over the conversation's socket, and steered. */
import { type Client, type EventFollower, followEvents } from "@openhands/client";
import {
  AppError,
  type ConversationInfo,
  type ConversationState,
  emptyState,
  reduce,
  type TransientEvent,
} from "@openhands/protocol";
import { exitCodeOf } from "./ending.ts";
import type { Printer } from "./printer.ts";

export interface FollowedRunOptions {
  readonly client: Client;
  readonly WebSocket: typeof globalThis.WebSocket;
  readonly conversationId: string;
  /** what is followed comes after this event; -1: all of the log */
  readonly afterSeq: number;
  readonly printer: Printer;
  /** what is waited for, one sentence */
  readonly onNotice: (sentence: string) => void;
  /** a server that can't be reached for so long is taken for gone; default: 30 s */
  readonly lostAfterMs?: number;
}

const usualLostAfterMs = 30_000;

export class FollowedRun implements Disposable {
  /** Resolves when the run has ended and all of it is printed. @throws AppError when it can't be followed any more */
  readonly ended: Promise<ConversationInfo>;
  readonly #options: FollowedRunOptions;
  readonly #follower: EventFollower;
  readonly #end = Promise.withResolvers<ConversationInfo>();
  #state: ConversationState = emptyState;
  #info: ConversationInfo | null = null;
  #notice: string | null = null;
  #lost: NodeJS.Timeout | null = null;

  constructor(options: FollowedRunOptions) {
    this.#options = options;
    this.ended = this.#end.promise;
    this.#follower = followEvents({
      client: options.client,
      WebSocket: options.WebSocket,
      conversationId: options.conversationId,
      afterSeq: options.afterSeq,
      onEvent: (event) => {
        options.printer.event(event);
        this.#state = reduce(this.#state, event);
        this.#look();
      },
      onTransient: (event) => this.#transient(event),
      onState: (state) => this.#connection(state === "open"),
      onStop: () =>
        this.#end.reject(gone("The conversation was deleted, or its server asks for another key.")),
    });
  }

  /** as the log tells it */
  get state(): ConversationState {
    return this.#state;
  }

  [Symbol.dispose](): void {
    if (this.#lost !== null) clearTimeout(this.#lost);
    this.#follower.close();
  }

  #transient(event: TransientEvent): void {
    this.#options.printer.transient(event);
    if (event.kind !== "ConversationStateUpdateEvent") return;
    this.#info = event.value;
    this.#tell(noticeOf(event.value));
    this.#look();
  }

  /** The state comes before the events that it speaks of where one joins late. */
  #look(): void {
    const info = this.#info;
    if (info === null || exitCodeOf(info) === null || this.#state.lastSeq < info.last_seq) return;
    this.#end.resolve(info);
  }

  #tell(notice: string | null): void {
    if (notice !== null && notice !== this.#notice) this.#options.onNotice(notice);
    this.#notice = notice;
  }

  #connection(isOpen: boolean): void {
    if (isOpen && this.#lost !== null) {
      clearTimeout(this.#lost);
      this.#lost = null;
    } else if (!isOpen) {
      this.#lost ??= setTimeout(
        () => this.#end.reject(gone("The server can't be reached any more.")),
        this.#options.lostAfterMs ?? usualLostAfterMs,
      );
    }
  }
}

const gone = (sentence: string): AppError => new AppError("unavailable", sentence);

/** Progress in per cent is left out: a line for each would be too many. */
function noticeOf({ retry, notice, sandbox, sandbox_status: status }: ConversationInfo): string | null {
  if (retry !== null)
    return `${retry.detail} Try ${retry.attempt} of ${retry.attempts} failed; it goes on by itself.`;
  if (notice !== null) return notice;
  if (status === "queued")
    return `${sandbox.message ?? "Waiting for a sandbox"} (place ${sandbox.position}).`;
  if (status === "preparing_image") return "Preparing the image.";
  return status === "error" ? (sandbox.message ?? null) : null;
}
