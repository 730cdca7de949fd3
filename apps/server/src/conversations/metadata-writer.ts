/** Keeps metadata.json up: at once on a change of status or title, else at most once a second, always in the end. */
import type { ConversationId, ConversationMetadata } from "@openhands/protocol";
import type { ConversationStore } from "@openhands/store";
import type { Logger } from "../logger.ts";
import type { Session } from "./session.ts";

const writeEveryMs = 1000;

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly session: Session;
}

export class MetadataWriter {
  readonly #store: ConversationStore;
  readonly #logger: Logger;
  /** what was last written or is about to be, of each conversation in memory */
  readonly #known = new Map<ConversationId, ConversationMetadata>();
  readonly #pending = new Map<ConversationId, Pending>();
  readonly #writing = new Map<ConversationId, Promise<void>>();

  constructor(store: ConversationStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Follows a conversation that is in memory. */
  note(session: Session): void {
    const { metadata } = session;
    const { id } = metadata;
    // where a log was lost by another's hand, this file is all that tells of what there was
    if (metadata.last_seq < 0) return;
    const before = this.#known.get(id);
    this.#known.set(id, metadata);
    if (before?.execution_status !== metadata.execution_status || before.title !== metadata.title) {
      this.#cancel(id);
      void this.#write(metadata);
    } else if (!this.#pending.has(id)) {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        void this.#write(session.metadata);
      }, writeEveryMs);
      timer.unref();
      this.#pending.set(id, { timer, session });
    }
  }

  /** Writes what waits of one that leaves memory. Resolves when nothing is written to its folder any more. */
  async leave(id: ConversationId): Promise<void> {
    const waiting = this.#pending.get(id)?.session.metadata;
    this.#cancel(id);
    await (waiting === undefined ? this.#writing.get(id) : this.#write(waiting));
    this.#known.delete(id);
  }

  /** Resolves when nothing is written to its folder any more. */
  async forget(id: ConversationId): Promise<void> {
    this.#cancel(id);
    this.#known.delete(id);
    await this.#writing.get(id);
  }

  /** Writes what waits, and waits for what is being written. */
  async flush(): Promise<void> {
    for (const [waiting, { session }] of this.#pending) {
      this.#cancel(waiting);
      void this.#write(session.metadata);
    }
    await Promise.all(this.#writing.values());
  }

  #cancel(id: ConversationId): void {
    clearTimeout(this.#pending.get(id)?.timer);
    this.#pending.delete(id);
  }

  /** One write at a time per conversation, in order. A failed one is only logged: the log can rebuild it. */
  async #write(metadata: ConversationMetadata): Promise<void> {
    const before = this.#writing.get(metadata.id);
    const write = (async () => {
      await before;
      if (!this.#known.has(metadata.id)) return;
      try {
        await this.#store.writeMetadata(metadata);
      } catch (error) {
        this.#logger.warn({ err: error, conversation: metadata.id }, "metadata.json could not be written");
      }
    })();
    this.#writing.set(metadata.id, write);
    await write;
    if (this.#writing.get(metadata.id) === write) this.#writing.delete(metadata.id);
  }
}
