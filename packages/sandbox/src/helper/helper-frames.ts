/** The bytes between us and the resident helper: how a request is written and where an answer ends. Pure. */

export interface HelperAnswer {
  /** one word: "ok", or why not */
  readonly status: string;
  readonly payload: Buffer;
}

/** Text of this length still travels in the request's line; sh reads that byte by byte. */
const longestInline = 4096;

/** `bytes` as `printf %b` turns them back, without blanks. */
export function escapeArgument(value: string | Buffer): string {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return bytes
    .toString("latin1")
    .replaceAll(
      /[^A-Za-z0-9_./:,+@%=-]/g,
      (character) => `\\0${character.charCodeAt(0).toString(8).padStart(3, "0")}`,
    );
}

export interface HelperRequest {
  readonly operation: string;
  readonly args?: readonly string[];
  readonly body?: Buffer;
  /** A line that the operation needs only at its end: it is made and sent while the helper works already. */
  readonly lateLine?: () => string;
}

export function encodeRequest(nonce: string, { operation, args = [], body }: HelperRequest): Buffer {
  const inline = body !== undefined && body.length <= longestInline;
  const bodyField = body === undefined ? "-" : inline ? `=${escapeArgument(body)}` : body.length;
  const fields = [nonce, operation, bodyField, ...args.map((argument) => `=${escapeArgument(argument)}`)];
  const line = Buffer.from(`${fields.join(" ")}\n`);
  return body === undefined || inline ? line : Buffer.concat([line, body]);
}

/** Collects output until the answer to the request of `nonce` is whole. */
export class AnswerReader {
  readonly #closing: Buffer;
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(nonce: string) {
    this.#closing = Buffer.from(`\n${nonce} `);
  }

  /** bytes so far */
  get length(): number {
    return this.#length;
  }

  /** @returns the answer once its closing line has come, else null */
  push(chunk: Buffer): HelperAnswer | null {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    // The closing line is short, so it lies within the last bytes: only these are looked at again.
    const tail = Buffer.concat(this.#lastChunks(128));
    if (tail.at(-1) !== 0x0a) return null;
    const at = tail.lastIndexOf(this.#closing);
    if (at === -1) return null;
    const status = tail.subarray(at + this.#closing.length, -1).toString();
    const whole = Buffer.concat(this.#chunks);
    return { status, payload: whole.subarray(0, whole.length - (tail.length - at)) };
  }

  #lastChunks(bytes: number): Buffer[] {
    let from = this.#chunks.length;
    let length = 0;
    while (from > 0 && length < bytes) length += this.#chunks[--from]?.length ?? 0;
    return this.#chunks.slice(from);
  }
}
