/**
 * Fans frames out to the sockets of one conversation. Each frame is made text once. A reader that falls behind costs
 * a bounded buffer: past it the reader is dropped and comes back with its last seq.
 */
export interface Subscriber {
  /** One frame, as JSON text. Must not throw. */
  send(frame: string): void;
  /** Nothing will come any more: the conversation is gone. Must not throw. */
  end(): void;
}

export class Hub {
  readonly #subscribers = new Set<Subscriber>();

  get size(): number {
    return this.#subscribers.size;
  }

  /** Returns the way to leave. */
  join(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => void this.#subscribers.delete(subscriber);
  }

  /** Sends everybody away. */
  end(): void {
    for (const subscriber of this.#subscribers) subscriber.end();
  }

  publish(frame: object): void {
    if (this.#subscribers.size === 0) return;
    const text = JSON.stringify(frame);
    for (const subscriber of this.#subscribers) subscriber.send(text);
  }
}
