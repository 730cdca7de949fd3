/** Bytes in a buffer of their own, so that it costs what it holds however small the pieces were that came. */
export class ByteWindow {
  readonly #limit: number;
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;
  /** where the next byte goes, once it is full */
  #at = 0;

  /** @param limit the last so many bytes are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  /** @returns how many bytes were dropped for these */
  push(bytes: Buffer): number {
    const kept = bytes.subarray(Math.max(0, bytes.length - this.#limit));
    const dropped = Math.max(0, this.#length + bytes.length - this.#limit);
    this.#grow(this.#length + kept.length);
    const first = kept.copy(this.#bytes, this.#at);
    kept.copy(this.#bytes, 0, first);
    this.#at = (this.#at + kept.length) % this.#limit;
    this.#length = Math.min(this.#limit, this.#length + kept.length);
    return dropped;
  }

  /** In order. */
  copy(): Buffer {
    const from = this.#length < this.#limit ? 0 : this.#at;
    return Buffer.concat([this.#bytes.subarray(from, this.#length), this.#bytes.subarray(0, from)]);
  }

  /** All of it, in order; empty afterwards. */
  take(): Buffer {
    const taken = this.copy();
    this.#bytes = Buffer.alloc(0);
    this.#length = this.#at = 0;
    return taken;
  }

  /** Only before it is full, when the bytes lie in order from its start. */
  #grow(needed: number): void {
    if (needed <= this.#bytes.length || this.#bytes.length === this.#limit) return;
    const larger = Buffer.alloc(Math.min(this.#limit, Math.max(needed, this.#bytes.length * 2, 4096)));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
