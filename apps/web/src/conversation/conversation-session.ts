/**
 * One conversation, followed while it is on the screen. Lives outside React: components subscribe to the parts of
 * `store` that they draw.
 */
import { ApiError, type Client, type EventFollower, followEvents } from "@openhands/client";
import {
  attachmentName,
  type ConversationInfo,
  type Delivery,
  type QueuedMessage,
  type StoredEvent,
} from "@openhands/protocol";
import { createStore, type StoreApi } from "zustand/vanilla";
import { dataUrl } from "./composer/data-url.ts";
import { contentOf, createDraftStore, type Draft, draftOf, type DraftStore } from "./composer/draft.ts";
import {
  applyUpdates,
  type ConversationView,
  emptyView,
  type LatestPage,
  type ViewUpdate,
  withEarlier,
  withLatest,
  withoutOldest,
} from "./conversation-view.ts";

export interface ConversationSession {
  readonly id: string;
  readonly store: StoreApi<ConversationView>;
  readonly draft: DraftStore;
  /** Loads the newest page, or goes on where it was closed, and follows. */
  open(): void;
  /** Lets the socket go and keeps what was loaded. */
  close(): void;
  /** Sends what the person wrote, or lets it wait for the end of the turn. @throws ApiError */
  send(draft: Draft, delivery: Delivery): Promise<void>;
  /** Takes a message out of the queue and gives it back. @throws ApiError */
  takeFromQueue(message: QueuedMessage): Promise<Draft>;
  /** Puts the page before the oldest loaded event in front; `onArrived` just before it does. @throws ApiError */
  loadEarlier(onArrived?: () => void): Promise<void>;
  /** Keeps all events while somebody reads in their middle. @returns the way to end that */
  hold(): () => void;
  /** Lets the oldest loaded events go where there are many, and nobody holds them. */
  forgetOldest(): void;
}

export interface SessionOptions {
  readonly client: Client;
  readonly id: string;
  /** the server has told the whole state */
  readonly onInfo: (info: ConversationInfo) => void;
  readonly onError: (error: unknown) => void;
}

const pageSize = 100;
/** Milliseconds for which updates are gathered, so that a burst is drawn once. */
const gathering = 16;

export function createConversationSession(options: SessionOptions): ConversationSession {
  return new Session(options);
}

class Session implements ConversationSession {
  readonly id: string;
  readonly store: StoreApi<ConversationView> = createStore(() => emptyView);
  readonly draft = createDraftStore();
  readonly #options: SessionOptions;
  readonly #holders = new Set<symbol>();
  #follower: EventFollower | null = null;
  #gathered: ViewUpdate[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** rises with every open and close, so that an answer to an earlier one is passed over */
  #turn = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.id = options.id;
  }

  open(): void {
    this.close();
    const turn = this.#turn;
    if (this.store.getState().events.length > 0) return this.#follow();
    this.store.setState({ connection: "loading", failure: null });
    this.#start().then(
      (latest) => {
        if (turn !== this.#turn) return;
        this.store.setState((view) => withLatest(view, latest));
        return this.#follow();
      },
      (error: unknown) => {
        if (turn === this.#turn) this.#failed(error);
      },
    );
  }

  close(): void {
    this.#turn += 1;
    this.#follower?.close();
    this.#follower = null;
    this.#flush();
  }

  async send(draft: Draft, delivery: Delivery): Promise<void> {
    const message = { role: "user", content: contentOf(draft), run: true, delivery } as const;
    const { n } = await this.#options.client.events.send(this.id, message);
    if (n === undefined) this.store.setState((view) => ({ sent: view.sent + 1 }));
  }

  async takeFromQueue({ n, content }: QueuedMessage): Promise<Draft> {
    const { text, images } = draftOf(content);
    const whole = await Promise.all(images.map((image) => this.#wholeImage(image)));
    await this.#options.client.queue.remove(this.id, n);
    return { text, images: whole };
  }

  /** A large image lies beside the log; to be sent again it has to be in the message. */
  async #wholeImage(url: string): Promise<string> {
    const name = attachmentName(url);
    if (name === null) return url;
    const answer = await fetch(this.#options.client.events.attachmentUrl(this.id, name));
    if (!answer.ok) throw new Error("An image of this message could not be read.");
    return await dataUrl(await answer.blob());
  }

  async loadEarlier(onArrived?: () => void): Promise<void> {
    const first = this.store.getState().events[0]?.seq ?? 0;
    const page = await this.#page(first);
    onArrived?.();
    this.store.setState((view) => withEarlier(view, page, (page[0]?.seq ?? 0) > 0));
  }

  hold(): () => void {
    const holder = Symbol("reader");
    this.#holders.add(holder);
    return () => void this.#holders.delete(holder);
  }

  forgetOldest(): void {
    if (this.#holders.size === 0) this.store.setState(withoutOldest);
  }

  /** The newest page, and what of the state lies before it. */
  async #start(): Promise<LatestPage> {
    const events = await this.#page(undefined);
    const hasEarlier = (events[0]?.seq ?? 0) > 0;
    return { events, hasEarlier, queue: hasEarlier ? await this.#options.client.queue.list(this.id) : null };
  }

  async #page(beforeSeq: number | undefined): Promise<StoredEvent[]> {
    const { items } = await this.#options.client.events.search(this.id, {
      limit: pageSize,
      sort_order: "TIMESTAMP_DESC",
      ...(beforeSeq === undefined ? {} : { before_seq: beforeSeq }),
    });
    return items.toReversed();
  }

  #follow(): void {
    const { client, onInfo } = this.#options;
    this.#follower = followEvents({
      client,
      conversationId: this.id,
      afterSeq: this.store.getState().events.at(-1)?.seq ?? -1,
      onEvent: (event) => this.#gather({ type: "event", event }),
      onTransient: (event) => {
        this.#gather({ type: "transient", event });
        if (event.kind === "ConversationStateUpdateEvent") onInfo(event.value);
      },
      onState: (connection) => this.#gather({ type: "connection", connection }),
      onStop: (reason) => {
        this.#gather({ type: "connection", connection: "stopped" });
        this.#failed(stopError(reason));
      },
    });
  }

  #gather(update: ViewUpdate): void {
    this.#gathered.push(update);
    this.#timer ??= setTimeout(() => this.#flush(), gathering);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#gathered.length === 0) return;
    const updates = this.#gathered;
    this.#gathered = [];
    this.store.setState((view) => applyUpdates(view, updates), true);
  }

  #failed(error: unknown): void {
    this.#options.onError(error);
    const code = error instanceof ApiError ? error.code : "unexpected";
    const detail = error instanceof Error ? error.message : String(error);
    this.store.setState({ failure: { code, detail } });
  }
}

function stopError(reason: "access" | "unknown_conversation"): ApiError {
  return reason === "access"
    ? new ApiError({ status: 401, code: "access", detail: "This browser is not signed in any more." })
    : new ApiError({ status: 404, code: "not_found", detail: "This conversation is not there any more." });
}
