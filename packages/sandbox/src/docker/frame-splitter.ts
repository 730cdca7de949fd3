/**
 * Takes apart what an engine sends for a process without a terminal: frames of one byte 1 (stdout) or 2 (stderr), three
 * zero bytes, a big-endian length, and that many bytes. Whoever doesn't read one of the two outputs stops both.
 */
import { Readable, Writable } from "node:stream";

const headerLength = 8;
const standardError = 2;

export class FrameSplitter extends Writable {
  readonly stdout = this.#output();
  readonly stderr = this.#output();
  /** outputs that are to be read before more is taken */
  readonly #full = new Set<Readable>();
  #header = Buffer.alloc(0);
  #target = this.stdout;
  #missing = 0;
  #goOn: () => void = () => {};

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#missing === 0) rest = this.#readHeader(rest);
      const payload = rest.subarray(0, this.#missing);
      this.#missing -= payload.length;
      rest = rest.subarray(payload.length);
      if (payload.length > 0 && !this.#target.push(payload) && !this.#target.destroyed)
        this.#full.add(this.#target);
    }
    if (this.#full.size === 0) done();
    else this.#goOn = done;
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#end();
    done(error);
  }

  #output(): Readable {
    const output: Readable = new Readable({
      read: () => this.#emptied(output),
      destroy: (error, done) => {
        this.#emptied(output);
        done(error);
      },
    });
    return output;
  }

  #emptied(output: Readable): void {
    if (this.#full.delete(output) && this.#full.size === 0) this.#goOn();
  }

  #end(): void {
    this.stdout.push(null);
    this.stderr.push(null);
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
