/**
 * Finds our prompt markers in a terminal's bytes: OSC 133 as shells print it, with the nonce of the command, so that a
 * program which prints OSC 133 itself deceives nobody.
 *
 *     ESC ] 133 ; C ; nonce ; uptime ; kills BEL
 *         The command starts; what the sandbox tells of itself by then, or nothing.
 *     ESC ] 133 ; D ; exit code ; nonce ; changed ; folder ; nonce BEL
 *         It has ended; changed is 1 where the exported variables are others than at the prompt before. Without a start
 *         before it, the shell has not taken the command up.
 */

/** What the sandbox told of itself just before a command began. */
export interface SandboxFacts {
  /** seconds since its boot, 0 where it has no clock */
  readonly uptime: number;
  /** how often the kernel had ended a process of it for its memory; 0 where nobody tells */
  readonly memoryKills: number;
}

export interface CommandEnd {
  /** null where the shell could not say */
  readonly exitCode: number | null;
  readonly workingDirectory: string;
  /** exported variables, or the folder, are others than at the prompt before */
  readonly exportsChanged: boolean;
}

export interface Scan {
  /** what came before the command started, or before its end where it did not */
  readonly before: Buffer;
  /** what the command printed, without markers */
  readonly output: Buffer;
  readonly end: CommandEnd | null;
  /** what came after its end */
  readonly after: Buffer;
}

const nothing: Buffer = Buffer.alloc(0);

/** A marker holds a path and two nonces; what is longer is none. */
const longestMarker = 8192;

export class MarkerScanner {
  readonly #nonce: string;
  readonly #start: Buffer;
  readonly #end: Buffer;
  readonly #close: Buffer;
  #started: SandboxFacts | null = null;
  #held = nothing;

  constructor(nonce: string) {
    this.#nonce = nonce;
    this.#start = Buffer.from(`\x1b]133;C;${nonce};`);
    this.#end = Buffer.from("\x1b]133;D;");
    this.#close = Buffer.from(`;${nonce}\x07`);
  }

  /** What the start marker told; null: the command has not begun. */
  get started(): SandboxFacts | null {
    return this.#started;
  }

  push(chunk: Buffer): Scan {
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = nothing;
    if (this.#started) return { before: nothing, ...this.#scanOutput(bytes) };
    const at = bytes.indexOf(this.#start);
    const from = at + this.#start.length;
    const told = at === -1 ? "" : bytes.toString("latin1", from, from + longestFacts);
    const body = /^[\d.;]*/.exec(told)?.[0] ?? "";
    const closing = from + body.length;
    if (at === -1 || closing === bytes.length) return this.#scanUnstarted(bytes, at);
    this.#started = parseFacts(body);
    // the end of a marker may be lost where an interrupt came
    const rest = bytes.subarray(bytes[closing] === bell ? closing + 1 : closing);
    return { before: bytes.subarray(0, at), ...this.#scanOutput(rest) };
  }

  /** @param start where a start marker begins whose end has not come; -1: nowhere */
  #scanUnstarted(bytes: Buffer, start: number): Scan {
    const count = start === -1 ? partialSuffix(bytes, this.#start) : bytes.length - start;
    const { output, end, after } = this.#scanOutput(bytes);
    if (end === null && this.#held.length < count) {
      const held = this.#holdBack(bytes, count);
      return { ...held, before: held.output, output: nothing };
    }
    return { before: output, output: nothing, end, after };
  }

  #scanOutput(bytes: Buffer): Omit<Scan, "before"> {
    let from = 0;
    for (;;) {
      const at = bytes.indexOf(this.#end, from);
      if (at === -1) return this.#holdBack(bytes, partialSuffix(bytes, this.#end));
      const closing = bytes.indexOf(this.#close, at);
      const marker = closing === -1 ? null : this.#parse(bytes.subarray(at + this.#end.length, closing));
      if (marker) {
        const after = bytes.subarray(closing + this.#close.length);
        return { output: bytes.subarray(0, at), end: marker, after };
      }
      if (closing === -1 && bytes.length - at < longestMarker)
        return this.#holdBack(bytes, bytes.length - at);
      from = at + this.#end.length;
    }
  }

  #holdBack(bytes: Buffer, count: number): Omit<Scan, "before"> {
    this.#held = bytes.subarray(bytes.length - count);
    return { output: bytes.subarray(0, bytes.length - count), end: null, after: nothing };
  }

  #parse(body: Buffer): CommandEnd | null {
    const match = /^(\d*)[^;]*;([0-9a-f]+);(1?);([\s\S]*)$/.exec(body.toString());
    if (!match || match[2] !== this.#nonce) return null;
    return {
      exitCode: match[1] ? Number(match[1]) : null,
      exportsChanged: match[3] === "1",
      // the terminal has made two characters of a line end in its name
      workingDirectory: (match[4] ?? "").replaceAll("\r\n", "\n"),
    };
  }
}

const bell = 0x07;

/** Characters of two numbers. */
const longestFacts = 64;

function parseFacts(body: string): SandboxFacts {
  const [uptime, memoryKills] = body.split(";");
  return { uptime: Number(uptime) || 0, memoryKills: Number(memoryKills) || 0 };
}

/** How many bytes at the end of `bytes` could be the beginning of `wanted`. */
function partialSuffix(bytes: Buffer, wanted: Buffer): number {
  for (let count = Math.min(bytes.length, wanted.length - 1); count > 0; count -= 1) {
    if (bytes.subarray(bytes.length - count).equals(wanted.subarray(0, count))) return count;
  }
  return 0;
}
