/**
 * What is known of every conversation without opening its log. Conversations in memory are followed, their changes go
 * to the index in batches; all others are read once after the start, or when the index was lost. Until that is done
 * `incomplete` says so.
 */
import {
  type ConversationId,
  type ConversationMetadata,
  isKnown,
  plainText,
  type StoredEvent,
} from "@openhands/protocol";
import type {
  ConversationIndex,
  ConversationQuery,
  ConversationStore,
  ListingFilter,
  MessageText,
} from "@openhands/store";
import type { Logger } from "../logger.ts";
import { MetadataWriter } from "./metadata-writer.ts";
import type { Session } from "./session.ts";

const batchMs = 250;
/** Conversations that are read at the same time. */
const readers = 8;

const everything: ConversationQuery = {
  limit: 500,
  orderBy: "created_at",
  descending: false,
  status: null,
  query: null,
  pageId: null,
};

interface Change {
  readonly session: Session;
  readonly texts: MessageText[];
  readonly textsAfter: number;
}

export interface Incomplete {
  readonly read: number;
  readonly of: number;
}

export interface ReadAllOptions {
  /** called before a conversation is read; may give its metadata, where that saves reading it */
  readonly putRight?: (id: ConversationId) => Promise<ConversationMetadata | null>;
  /** what is not read yet then stays so */
  readonly signal?: AbortSignal;
}

export class Catalogue {
  readonly #store: ConversationStore;
  readonly #index: ConversationIndex;
  readonly #logger: Logger;
  readonly #metadata: MetadataWriter;
  readonly #followed = new Map<ConversationId, Session>();
  readonly #changes = new Map<ConversationId, Change>();
  #batch: NodeJS.Timeout | null = null;
  /** deleted while the others were read */
  readonly #gone = new Set<ConversationId>();
  #incomplete: Incomplete | null = { read: 0, of: 0 };
  #allRead: Promise<unknown> = Promise.resolve();
  #lossesSeen = 0;
  #closed = false;

  constructor(store: ConversationStore, index: ConversationIndex, logger: Logger) {
    this.#store = store;
    this.#index = index;
    this.#logger = logger;
    this.#metadata = new MetadataWriter(store, logger);
  }

  /** null: every conversation is in the listing */
  get incomplete(): Incomplete | null {
    return this.#incomplete;
  }

  list(query: ConversationQuery): { items: ConversationMetadata[]; nextPageId: string | null } {
    this.#putChanges();
    const page = this.#index.search(query);
    this.#readAfterLoss();
    return page;
  }

  /** Exact, so a filtered count waits until every conversation has been read. */
  async count(filter: ListingFilter): Promise<number> {
    if (this.#incomplete !== null) {
      if (filter.status === null && filter.query === null) return (await this.#store.list()).length;
      await this.#allRead;
    }
    this.#putChanges();
    return this.#index.count(filter);
  }

  /** Every conversation, page by page, once all have been read; what changes meanwhile may be missed. */
  async all(): Promise<Generator<ConversationMetadata>> {
    await this.#allRead;
    return this.#pages();
  }

  /** Follows a conversation that is in memory. @param event what changed it, or null */
  note(session: Session, event: StoredEvent | null): void {
    const id = session.log.conversationId;
    this.#followed.set(id, session);
    this.#gone.delete(id);
    this.#metadata.note(session);
    const known = this.#changes.get(id);
    const change = known ?? {
      session,
      texts: [],
      textsAfter: event === null ? session.log.lastSeq : event.seq - 1,
    };
    if (event !== null && isKnown(event) && event.kind === "MessageEvent") {
      change.texts.push({ seq: event.seq, text: plainText(event.llm_message.content) });
    }
    this.#changes.set(id, change);
    if (this.#batch !== null) return;
    this.#batch = setTimeout(() => this.#putChanges(), batchMs);
    this.#batch.unref();
  }

  /** Reads one that came back, as far as the index does not hold it. */
  async readOne(id: ConversationId): Promise<void> {
    this.#putChanges();
    await this.#guarded(id, async () => await this.#read(id, null));
  }

  /** It leaves memory: what waits of it is written, and it is followed no more. */
  async leave(id: ConversationId): Promise<void> {
    this.#putChanges();
    this.#followed.delete(id);
    await this.#metadata.leave(id);
  }

  /** Resolves when nothing is written to its folder any more. */
  async forget(id: ConversationId): Promise<void> {
    this.#followed.delete(id);
    this.#changes.delete(id);
    this.#gone.add(id);
    this.#index.remove([id]);
    await this.#metadata.forget(id);
  }

  /** Reads every conversation that the index does not hold as it is, and drops what is gone. Resolves with all ids. */
  async readAll(options: ReadAllOptions = {}): Promise<ConversationId[]> {
    this.#lossesSeen = this.#index.losses;
    const reading = this.#readAll(options);
    this.#allRead = reading.catch(() => undefined);
    return await reading;
  }

  /** Writes what waits, and waits for what is being written. Nothing is noted any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#allRead;
    this.#putChanges();
    await this.#metadata.flush();
    this.#index.close();
  }

  async #readAll({ putRight, signal }: ReadAllOptions): Promise<ConversationId[]> {
    this.#incomplete ??= { read: 0, of: 0 };
    // In this order: what is made meanwhile is on disk before it is in the index.
    const indexed = this.#index.ids();
    const ids = await this.#store.list();
    const onDisk = new Set(ids);
    this.#index.remove(indexed.filter((id) => !onDisk.has(id)));
    const waiting = ids.values();
    let read = 0;
    const reader = async (): Promise<void> => {
      for (const id of waiting) {
        if (this.#closed || signal?.aborted === true) return;
        await this.#guarded(id, async () => await this.#read(id, (await putRight?.(id)) ?? null));
        read += 1;
        this.#incomplete = { read, of: ids.length };
      }
    };
    await Promise.all(Array.from({ length: readers }, reader));
    this.#gone.clear();
    if (read === ids.length) this.#incomplete = null;
    return ids;
  }

  *#pages(): Generator<ConversationMetadata> {
    let pageId: string | null = null;
    do {
      const page = this.list({ ...everything, pageId });
      yield* page.items;
      pageId = page.nextPageId;
    } while (pageId !== null);
  }

  #readAfterLoss(): void {
    if (this.#index.losses === this.#lossesSeen || this.#closed) return;
    this.#incomplete ??= { read: 0, of: 0 };
    this.readAll().catch((error: unknown) => {
      this.#logger.error({ err: error }, "the index of conversations could not be made anew");
    });
  }

  async #guarded(id: ConversationId, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.error(
        { err: error, conversation: id },
        "a conversation could not be put into the listing",
      );
    }
  }

  /** A conversation may be opened, go on or be deleted while its messages are read. */
  async #read(id: ConversationId, found: ConversationMetadata | null): Promise<void> {
    const kept = found ?? (await this.#store.readMetadata(id));
    const current = (): ConversationMetadata | null => this.#followed.get(id)?.metadata ?? kept;
    let metadata = current();
    if (metadata === null || this.#index.isCurrent(metadata)) return;
    const known = this.#index.textsUpTo(id);
    const textsAfter = known > metadata.last_seq ? -1 : known;
    const texts: MessageText[] = [];
    let upTo = textsAfter;
    while (metadata !== null && upTo < metadata.last_seq) {
      const next: number = metadata.last_seq;
      for await (const message of this.#store.readMessages(id, upTo)) {
        if (message.seq <= next) texts.push(message);
      }
      upTo = next;
      metadata = current();
    }
    if (metadata === null || this.#gone.has(id)) return;
    this.#index.put([{ metadata, texts, textsAfter }]);
  }

  #putChanges(): void {
    if (this.#batch !== null) clearTimeout(this.#batch);
    this.#batch = null;
    if (this.#changes.size === 0) return;
    const changes = [...this.#changes.values()].map(({ session, texts, textsAfter }) => ({
      metadata: session.metadata,
      texts,
      textsAfter,
    }));
    this.#changes.clear();
    this.#index.put(changes);
    this.#readAfterLoss();
  }
}
