/**
 * Takes apart what an engine sends for a process without a terminal: frames of one byte 1 (stdout) or 2 (stderr), three
 * zero bytes, a big-endian length, and that many bytes. Whoever doesn't read one of the two outputs stops both.
 */
import { PassThrough, Writable } from "node:stream";

const headerLength = 8;
const standardError = 2;

export class FrameSplitter extends Writable {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  #header = Buffer.alloc(0);
  #target = this.stdout;
  #missing = 0;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    let rest = chunk;
    const full = new Set<PassThrough>();
    while (rest.length > 0) {
      if (this.#missing === 0) rest = this.#readHeader(rest);
      const payload = rest.subarray(0, this.#missing);
      this.#missing -= payload.length;
      rest = rest.subarray(payload.length);
      if (payload.length > 0 && !this.#target.write(payload)) full.add(this.#target);
    }
    if (full.size === 0) done();
    for (const output of full) {
      const drained = (): void => {
        if (full.delete(output) && full.size === 0) done();
      };
      output.once("drain", drained).once("close", drained);
    }
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#end();
    done(error);
  }

  #end(): void {
    this.stdout.end();
    this.stderr.end();
  }

  /** Returns what follows the header; `#missing` stays 0 while the header is not complete. */
  #readHeader(bytes: Buffer): Buffer {
    const wanted = headerLength - this.#header.length;
    this.#header = Buffer.concat([this.#header, bytes.subarray(0, wanted)]);
    if (this.#header.length === headerLength) {
      this.#target = this.#header[0] === standardError ? this.stderr : this.stdout;
      this.#missing = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
    }
    return bytes.subarray(wanted);
  }
}
