/**
 * A file's bytes seen as text, so that an edit changes the bytes of its span and no others: encoding, byte order mark,
 * line ends (mixed ones too) and bytes that are no valid text stay as they are. Text is shown with `\n`.
 */
import { decodeBytes } from "./decode-bytes.ts";
import type { Decoded } from "./encodings.ts";

/** The bytes of an edited file, and where they differ from those before. */
export interface Splice {
  readonly bytes: Buffer;
  readonly at: number;
  /** bytes taken away at `at` */
  readonly removed: number;
  /** what is put there */
  readonly inserted: Buffer;
}

export class TextFile {
  /** line ends as \n, without byte order mark */
  readonly text: string;
  readonly #bytes: Buffer;
  readonly #decoded: Decoded;
  /** where in `text` the line ends are that are \r\n in the file */
  readonly #pairs: readonly number[];

  private constructor(bytes: Buffer, decoded: Decoded) {
    this.#bytes = bytes;
    this.#decoded = decoded;
    this.#pairs = carriageReturns(decoded.text).map((at, earlier) => at - earlier);
    this.text = withPlainLineEnds(decoded.text);
  }

  /** its name for people */
  get encoding(): string {
    return this.#decoded.encoding;
  }

  /** @returns null where `bytes` are no text */
  static from(bytes: Buffer): TextFile | null {
    const decoded = decodeBytes(bytes);
    return decoded && new TextFile(bytes, decoded);
  }

  /**
   * The file's bytes with `text.slice(start, end)` replaced.
   * @returns null where the file's encoding has no way to write `replacement`
   */
  splice(start: number, end: number, replacement: string): Splice | null {
    const lines = withPlainLineEnds(replacement).replaceAll("\n", this.#lineEndAt(start));
    const inserted = this.#decoded.encode(lines);
    if (!inserted) return null;
    const at = this.#byteAt(start);
    const rest = this.#byteAt(end);
    return {
      bytes: Buffer.concat([this.#bytes.subarray(0, at), inserted, this.#bytes.subarray(rest)]),
      at,
      removed: rest - at,
      inserted,
    };
  }

  /** The kind of line end that the line of `index` has, or, on the last line, the one before. */
  #lineEndAt(index: number): string {
    const next = this.text.indexOf("\n", index);
    const at = next === -1 ? this.text.lastIndexOf("\n") : next;
    return at !== -1 && this.#pairs[countBelow(this.#pairs, at)] === at ? "\r\n" : "\n";
  }

  #byteAt(index: number): number {
    return this.#decoded.byteAt(index + countBelow(this.#pairs, index));
  }
}

export function withPlainLineEnds(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

function carriageReturns(text: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf("\r\n"); at !== -1; at = text.indexOf("\r\n", at + 2)) found.push(at);
  return found;
}

/** How many of the ascending `values` are below `limit`. */
function countBelow(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
