import {
  type ConversationSession,
  createConversationSession,
  type SessionOptions,
} from "./conversation-session.ts";

/** How many conversations stay loaded after they were looked at. */
const kept = 6;

/** The sessions of the page, one a conversation; the ones looked at last are kept so that going back is instant. */
export class ConversationSessions {
  readonly #options: Omit<SessionOptions, "id">;
  readonly #sessions = new Map<string, ConversationSession>();

  constructor(options: Omit<SessionOptions, "id">) {
    this.#options = options;
  }

  get(id: string): ConversationSession {
    const session = this.#sessions.get(id) ?? createConversationSession({ ...this.#options, id });
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    for (const [oldest, old] of this.#sessions) {
      if (this.#sessions.size <= kept) break;
      old.close();
      this.#sessions.delete(oldest);
    }
    return session;
  }

  forget(id: string): void {
    this.#sessions.get(id)?.close();
    this.#sessions.delete(id);
  }
}
