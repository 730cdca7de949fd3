/** The conversations that are in memory: each opened once, whoever asks at the same time. */
import type { ConversationId, SandboxState } from "@openhands/protocol";
import type { Clock } from "../clock.ts";
import type { Session } from "./session.ts";

interface Entry {
  readonly session: Promise<Session>;
  /** by the clock, or `never` while it was only looked into */
  usedAt: number;
}

const never = Number.NEGATIVE_INFINITY;

export interface Leaving {
  /** asked in the same turn of the event loop in which it leaves */
  readonly mayLeave: (session: Session) => boolean;
  readonly close: (session: Session) => Promise<void>;
}

export class Sessions {
  readonly #clock: Pick<Clock, "now">;
  readonly #open = new Map<ConversationId, Entry>();
  /** on their way out of memory; settles when they may be opened again */
  readonly #leaving = new Map<ConversationId, Promise<void>>();
  /** what their sandboxes were shown as when they left, where that is not "none" */
  readonly #leftWith = new Map<ConversationId, SandboxState>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /**
   * The session under `id`, made by `open` where there is none. A failed opening is not kept. Who holds one for longer
   * than a call says so with `Session.use`.
   */
  async get(id: ConversationId, open: () => Promise<Session>): Promise<Session> {
    const session = this.lookInto(id, open);
    this.used(id);
    return await session;
  }

  /** The same, and it counts as no use of it. */
  async lookInto(id: ConversationId, open: () => Promise<Session>): Promise<Session> {
    const known = this.#open.get(id);
    if (known !== undefined) return await known.session;
    const opening = this.#openOnceGone(id, open);
    this.#open.set(id, { session: opening, usedAt: never });
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
    return this.#open.get(id)?.session ?? null;
  }

  /** Something happened in it. */
  used(id: ConversationId): void {
    const entry = this.#open.get(id);
    if (entry !== undefined) entry.usedAt = this.#clock.now();
  }

  delete(id: ConversationId): void {
    this.#open.delete(id);
    this.#leftWith.delete(id);
  }

  async all(): Promise<Session[]> {
    await Promise.allSettled(this.#leaving.values());
    const settled = await Promise.allSettled(this.#open.values().map(({ session }) => session));
    return settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  }

  /** What the sandbox of one that is not in memory is shown as; null: there is none. */
  sandboxOf(id: ConversationId): SandboxState | null {
    return this.#leftWith.get(id) ?? null;
  }

  /**
   * Takes those out of memory that nobody has used for `milliseconds` and that may leave. Who asks for one meanwhile
   * waits until it is closed, and opens it again.
   */
  async letLeave(milliseconds: number, leaving: Leaving): Promise<void> {
    const before = this.#clock.now() - milliseconds;
    for (const id of this.#open.keys()) await this.#letOneLeave(id, before, leaving);
  }

  /** The same at once with one that was only looked into. */
  async letUnusedLeave(id: ConversationId, leaving: Leaving): Promise<void> {
    await this.#letOneLeave(id, never, leaving);
  }

  async #letOneLeave(id: ConversationId, before: number, { mayLeave, close }: Leaving): Promise<void> {
    const entry = this.#open.get(id);
    if (entry === undefined || entry.usedAt > before) return;
    const session = await entry.session.catch(() => null);
    if (session === null || this.#open.get(id) !== entry || entry.usedAt > before || !mayLeave(session))
      return;
    const { state } = session.sandbox;
    if (state.status !== "none") this.#leftWith.set(id, state);
    this.#open.delete(id);
    const left = close(session).finally(() => this.#leaving.delete(id));
    this.#leaving.set(id, left);
    await left;
  }

  async #openOnceGone(id: ConversationId, open: () => Promise<Session>): Promise<Session> {
    await this.#leaving.get(id)?.catch(() => undefined);
    return await open();
  }
}
