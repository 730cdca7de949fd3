/**
 * Takes what the start script says out of a stream of output. Bytes pass unchanged and at once, except a tail that may
 * be the beginning of a mark: it waits for the bytes that decide. After the last saying the output is at its end; what
 * children of the process still write is read and dropped, so that they don't block.
 */
import { Transform, type TransformCallback } from "node:stream";
import { recordSeparator } from "./start-script.ts";

const newline = 0x0a;
const empty = Buffer.alloc(0);

/** Room for a reader that looks at one stream first: both may come through one pipe, where a full one stops the other. */
const readAhead = 1024 * 1024;

export class MarkFilter extends Transform {
  /**
   * What was said, in order; each resolves once the output before it can be read, or with null when the stream ended
   * before.
   */
  readonly said: readonly Promise<string | null>[];
  readonly #expected: ((saying: string | null) => void)[] = [];
  readonly #mark: Buffer;
  #held: Buffer = empty;

  /** @param count how often something will be said */
  constructor(mark: string, count: number) {
    super({ readableHighWaterMark: readAhead });
    this.#mark = Buffer.from(`${recordSeparator}${mark}`);
    this.said = Array.from({ length: count }, () => {
      const saying = Promise.withResolvers<string | null>();
      this.#expected.push(saying.resolve);
      return saying.promise;
    });
    this.once("close", () => this.#giveUp());
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#expected.length === 0) {
      done();
      return;
    }
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = empty;
    while (this.#expected.length > 0) {
      const at = rest.indexOf(this.#mark);
      const end = at === -1 ? -1 : rest.indexOf(newline, at);
      if (end === -1) {
        const kept = at === -1 ? this.#startOfMark(rest) : at;
        this.#held = rest.subarray(kept);
        this.#pass(rest.subarray(0, kept));
        done();
        return;
      }
      this.#pass(rest.subarray(0, at));
      this.#expected.shift()?.(rest.toString("latin1", at + this.#mark.length, end).trimEnd());
      rest = rest.subarray(end + 1);
    }
    this.push(null);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#expected.length > 0) this.#pass(this.#held);
    this.#giveUp();
    done();
  }

  #pass(bytes: Buffer): void {
    if (bytes.length > 0) this.push(bytes);
  }

  #giveUp(): void {
    for (const resolve of this.#expected.splice(0)) resolve(null);
  }

  /** Where the last bytes may be the beginning of a mark; the length when they can't. */
  #startOfMark(bytes: Buffer): number {
    let from = bytes.indexOf(recordSeparator, Math.max(0, bytes.length - this.#mark.length + 1));
    while (from !== -1) {
      if (this.#mark.indexOf(bytes.subarray(from)) === 0) return from;
      from = bytes.indexOf(recordSeparator, from + 1);
    }
    return bytes.length;
  }
}
