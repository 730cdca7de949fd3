/**
 * Reads a tar archive as it arrives, as GNU's and busybox's tar write it: ustar headers, names that are too long for
 * them in entries of GNU's kind or of POSIX' (pax).
 */
import type { Readable } from "node:stream";
import { SandboxError } from "../sandbox.ts";

export interface TarEntry {
  /** as in the archive, without "./" */
  readonly name: string;
  readonly type: "file" | "directory" | "symlink" | "other";
  /** rights, without the type */
  readonly mode: number;
  /** where a link leads, else "" */
  readonly target: string;
  /** To be read, or left, before the next entry is asked for. */
  readonly content: AsyncIterable<Buffer>;
}

const blockBytes = 512;
const types = { "": "file", "0": "file", "7": "file", "5": "directory", "2": "symlink" } as const;
/** names that are longer are none */
const longestName = 64 * 1024;

/** @throws SandboxError where the archive breaks off or is none */
export async function* readTar(stream: Readable): AsyncGenerator<TarEntry> {
  const bytes = new ByteReader(stream);
  let long: { path?: string; linkpath?: string; size?: number } = {};
  for (;;) {
    const header = await bytes.take(blockBytes);
    if (header.every((byte) => byte === 0)) return void stream.resume();
    const size = long.size ?? numberAt(header, 124, 12);
    const kind = textAt(header, 156, 1);
    if (kind === "L" || kind === "K" || kind === "x" || kind === "g") {
      const text = await bytes.take(Math.min(size, longestName));
      await bytes.skip(padded(size) - text.length);
      if (kind === "x") long = { ...long, ...paxFields(text) };
      else if (kind !== "g")
        long = { ...long, [kind === "L" ? "path" : "linkpath"]: textAt(text, 0, text.length) };
      continue;
    }
    const content = { left: size };
    yield {
      name: (long.path ?? shortName(header)).replace(/^\.\/+/, ""),
      type: Object.hasOwn(types, kind) ? types[kind as keyof typeof types] : "other",
      mode: numberAt(header, 100, 8) & 0o7777,
      target: long.linkpath ?? textAt(header, 157, 100),
      content: contentOf(bytes, content),
    };
    await bytes.skip(content.left + padded(size) - size);
    long = {};
  }
}

async function* contentOf(bytes: ByteReader, content: { left: number }): AsyncGenerator<Buffer> {
  while (content.left > 0) {
    const chunk = await bytes.some(content.left);
    content.left -= chunk.length;
    yield chunk;
  }
}

const padded = (size: number): number => Math.ceil(size / blockBytes) * blockBytes;

function textAt(block: Buffer, offset: number, length: number): string {
  const field = block.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? length : end).toString();
}

/** Octal digits, or binary where the first bit says so. */
function numberAt(block: Buffer, offset: number, length: number): number {
  if (((block[offset] ?? 0) & 0x80) === 0)
    return Number.parseInt(textAt(block, offset, length).trim() || "0", 8);
  return Number(block.readBigUInt64BE(offset + length - 8));
}

function shortName(header: Buffer): string {
  const prefix = textAt(header, 257, 6) === "ustar" ? textAt(header, 345, 155) : "";
  const name = textAt(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Records of the form "length key=value\n". */
function paxFields(text: Buffer): { path?: string; linkpath?: string; size?: number } {
  const fields: { path?: string; linkpath?: string; size?: number } = {};
  for (let at = 0; at < text.length;) {
    const length = Number.parseInt(text.toString("latin1", at, at + 10), 10);
    if (!(length > 0)) break;
    const record = text.toString("utf8", text.indexOf(0x20, at) + 1, at + length - 1);
    const [key, value] = [record.slice(0, record.indexOf("=")), record.slice(record.indexOf("=") + 1)];
    if (key === "path" || key === "linkpath") fields[key] = value;
    if (key === "size") fields.size = Number(value);
    at += length;
  }
  return fields;
}

/** Takes so many bytes of a stream, whatever the pieces that they come in. */
class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** at least one byte, at most so many */
  async some(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done)
        throw new SandboxError(
          "The folder could not be packed to its end: its sandbox ended, or its tar did.",
        );
      this.#rest = Buffer.from(next.value);
    }
    const chunk = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(chunk.length);
    return chunk;
  }

  async take(count: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for (let left = count; left > 0;) {
      const chunk = await this.some(left);
      left -= chunk.length;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0;) left -= (await this.some(left)).length;
  }
}
