/** The conversations that are in memory: each opened once, whoever asks at the same time. */
import type { ConversationId } from "@openhands/protocol";
import type { Session } from "./session.ts";

export class Sessions {
  readonly #open = new Map<ConversationId, Promise<Session>>();

  /** The session under `id`, made by `open` where there is none. A failed opening is not kept. */
  async get(id: ConversationId, open: () => Promise<Session>): Promise<Session> {
    const known = this.#open.get(id);
    if (known !== undefined) return await known;
    const opening = open();
    this.#open.set(id, opening);
    try {
      return await opening;
    } catch (error) {
      this.#open.delete(id);
      throw error;
    }
  }

  get size(): number {
    return this.#open.size;
  }

  peek(id: ConversationId): Promise<Session> | null {
    return this.#open.get(id) ?? null;
  }

  delete(id: ConversationId): void {
    this.#open.delete(id);
  }

  async all(): Promise<Session[]> {
    const settled = await Promise.allSettled(this.#open.values());
    return settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  }
}
