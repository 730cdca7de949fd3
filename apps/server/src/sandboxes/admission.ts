/**
 * How many sandboxes there may be at once. Who finds every place taken waits in line, first come, first served; for the
 * first in line the holder that has been idle longest is asked to leave, and a busy one never is.
 */
export interface Holder {
  /** since when nobody needs it, in milliseconds since 1970; null while it is busy */
  readonly idleSince: number | null;
  /** Asked to leave, so that another may come in: gives its place back once its sandbox is gone. Must not throw. */
  makeRoom(): Promise<void>;
}

export interface Place {
  /** Who has it now, where a sandbox changes hands. */
  pass(holder: Holder): void;
  /** Idempotent. */
  leave(): void;
}

interface Waiting {
  readonly holder: Holder;
  readonly admit: (place: Place) => void;
  /** told its place in the line, from 1, at each change */
  readonly onPosition: (position: number) => void;
  position: number;
}

export class Admission {
  readonly #limit: () => number;
  /** each place that is taken, and who is being asked to leave it */
  readonly #taken = new Map<Place, Holder>();
  readonly #leaving = new Set<Holder>();
  #line: Waiting[] = [];

  /** @param limit sandboxes at once, at least 1; who changes it says `reconsider` */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit();
  }

  /** Of places that are taken. */
  get running(): number {
    return this.#taken.size;
  }

  get waiting(): number {
    return this.#line.length;
  }

  /**
   * A place, as soon as there is one.
   * @throws the signal's reason: who gives up leaves the line
   */
  async enter(
    holder: Holder,
    { signal, onPosition }: { readonly signal: AbortSignal; readonly onPosition: Waiting["onPosition"] },
  ): Promise<Place> {
    signal.throwIfAborted();
    const { promise, resolve: admit, reject } = Promise.withResolvers<Place>();
    const waiting: Waiting = { holder, admit, onPosition, position: 0 };
    const giveUp = (): void => {
      if (!this.#line.includes(waiting)) return;
      this.#line = this.#line.filter((other) => other !== waiting);
      reject(signal.reason);
      this.reconsider();
    };
    this.#line.push(waiting);
    this.reconsider();
    signal.addEventListener("abort", giveUp);
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** A place only where one is free and nobody waits; else null. */
  enterIfFree(holder: Holder): Place | null {
    return this.#line.length === 0 && this.#taken.size < this.limit ? this.#take(holder) : null;
  }

  /** Said by a holder that has become idle, and after every change of our own. */
  reconsider(): void {
    while (this.#taken.size < this.limit) {
      const next = this.#line.shift();
      if (next === undefined) return;
      next.admit(this.#take(next.holder));
    }
    this.#line.forEach((waiting, index) => {
      if (waiting.position === index + 1) return;
      waiting.position = index + 1;
      waiting.onPosition(waiting.position);
    });
    while (this.#leaving.size < this.#line.length) {
      const idle = this.#longestIdle();
      if (idle === null) return;
      this.#leaving.add(idle);
      void this.#ask(idle);
    }
  }

  async #ask(holder: Holder): Promise<void> {
    await holder.makeRoom();
    this.#leaving.delete(holder);
    this.reconsider();
  }

  #longestIdle(): Holder | null {
    const idle = [...this.#taken.values()].flatMap((holder) => {
      const since = this.#leaving.has(holder) ? null : holder.idleSince;
      return since === null ? [] : [{ holder, since }];
    });
    return idle.toSorted((a, b) => a.since - b.since)[0]?.holder ?? null;
  }

  #take(holder: Holder): Place {
    const place: Place = {
      pass: (next) => {
        if (this.#taken.has(place)) this.#taken.set(place, next);
      },
      leave: () => {
        if (this.#taken.delete(place)) this.reconsider();
      },
    };
    this.#taken.set(place, holder);
    return place;
  }
}
