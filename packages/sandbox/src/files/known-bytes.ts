import { crc32 } from "node:zlib";
import type { FileSums } from "../helper/file-operations.ts";
import { posixChecksum } from "../helper/posix-checksum.ts";
import { hashOf } from "./file-memory.ts";
import { TextFile } from "./text-file.ts";

/** A file's bytes with what is made of all of them, each once and when it is first asked for. */
export class KnownBytes implements FileSums {
  readonly bytes: Buffer;
  #hash: string | null = null;
  #checksum: string | null = null;
  #crc: number | null = null;
  #file: TextFile | null | undefined;

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

  /** null: it is no text */
  get file(): TextFile | null {
    return this.#file === undefined ? (this.#file = TextFile.from(this.bytes)) : this.#file;
  }

  get crc(): number {
    return (this.#crc ??= crc32(this.bytes));
  }
}
