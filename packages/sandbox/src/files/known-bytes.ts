import { posixChecksum } from "../helper/posix-checksum.ts";
import { hashOf } from "./file-memory.ts";

/** A file's bytes with what is reckoned from all of them, each once and when it is first asked for. */
export class KnownBytes {
  readonly bytes: Buffer;
  #hash: string | null = null;
  #checksum: string | null = null;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** what the log keeps */
  get hash(): string {
    return (this.#hash ??= hashOf(this.bytes));
  }

  /** what the sandbox can tell of a file */
  get checksum(): string {
    return (this.#checksum ??= posixChecksum(this.bytes));
  }
}
