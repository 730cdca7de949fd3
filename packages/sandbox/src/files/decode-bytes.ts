/** Which encoding a file has, and how to go from its characters to its bytes and back. */
import { isUtf8 } from "node:buffer";

export interface Decoded {
  /** its name for people */
  readonly encoding: string;
  /** without byte order mark, line ends as they are */
  readonly text: string;
  /** where the character at `index` begins in the file */
  byteAt(index: number): number;
  /** null where a character has no bytes in this encoding */
  encode(text: string): Buffer | null;
}

/** @returns null where `bytes` are no text */
export function decodeBytes(bytes: Buffer): Decoded | null {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf]) && isUtf8(bytes)) return utf8(bytes, 3);
  if (startsWith(bytes, [0xff, 0xfe]) && bytes.length % 2 === 0) return utf16(bytes, 2, "little");
  if (startsWith(bytes, [0xfe, 0xff]) && bytes.length % 2 === 0) return utf16(bytes, 2, "big");
  if (bytes.includes(0)) {
    const order = unmarkedByteOrder(bytes);
    return order && utf16(bytes, 0, order);
  }
  if (isBinary(bytes)) return null;
  return isUtf8(bytes) ? utf8(bytes, 0) : loneBytes(bytes);
}

const startsWith = (bytes: Buffer, start: readonly number[]): boolean =>
  start.every((value, index) => bytes[index] === value);

function utf8(bytes: Buffer, mark: number): Decoded {
  const text = bytes.toString("utf8", mark);
  return {
    encoding: "UTF-8",
    text,
    byteAt: (index) => mark + Buffer.byteLength(text.slice(0, index)),
    encode: (inserted) => Buffer.from(inserted),
  };
}

function utf16(bytes: Buffer, mark: number, order: "little" | "big"): Decoded {
  const inOrder = (units: Buffer): Buffer => (order === "little" ? units : Buffer.from(units).swap16());
  return {
    encoding: "UTF-16",
    text: inOrder(bytes.subarray(mark)).toString("utf16le"),
    byteAt: (index) => mark + index * 2,
    encode: (inserted) => inOrder(Buffer.from(inserted, "utf16le")),
  };
}

/** UTF-16 of mostly Latin text has its zeros all on one side. */
function unmarkedByteOrder(bytes: Buffer): "little" | "big" | null {
  if (bytes.length % 2 !== 0) return null;
  const units = bytes.length / 2;
  let even = 0;
  let odd = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    if (bytes[index] !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  if (even === 0 && odd > units * 0.7) return "little";
  if (odd === 0 && even > units * 0.7) return "big";
  return null;
}

/** Control characters that no text file has, more than one in fifty. */
function isBinary(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, 64 << 10);
  let strange = 0;
  for (const byte of sample)
    if ((byte < 0x20 && !(byte >= 7 && byte <= 13) && byte !== 0x1b) || byte === 0x7f) strange += 1;
  return strange * 50 > sample.length;
}

/** windows-1252 as browsers read it: each of the 256 bytes is a character. */
const singleBytes = new TextDecoder("windows-1252").decode(
  Uint8Array.from({ length: 256 }, (_, byte) => byte),
);

/**
 * Bytes that are not UTF-8 throughout: an older encoding, one byte a character, or UTF-8 with some stray bytes. Each byte
 * that is no valid UTF-8 stands as the character that windows-1252 has for it.
 */
function loneBytes(bytes: Buffer): Decoded {
  const mixed = mixedCharacters(bytes);
  if (mixed.sequences <= mixed.strays) {
    return {
      encoding: "windows-1252",
      text: Array.from(bytes, (byte) => singleBytes[byte]).join(""),
      byteAt: (index) => index,
      encode: encodeSingleBytes,
    };
  }
  return {
    encoding: "UTF-8",
    text: mixed.text,
    byteAt: (index) => mixed.offsets[index] ?? bytes.length,
    encode: (inserted) => Buffer.from(inserted),
  };
}

function encodeSingleBytes(text: string): Buffer | null {
  const values = Array.from({ length: text.length }, (_, index) => singleBytes.indexOf(text.charAt(index)));
  return values.includes(-1) ? null : Buffer.from(values);
}

interface MixedCharacters {
  readonly text: string;
  /** of each UTF-16 unit of `text` */
  readonly offsets: Uint32Array;
  /** valid sequences of several bytes, and bytes that belong to none */
  readonly sequences: number;
  readonly strays: number;
}

function mixedCharacters(bytes: Buffer): MixedCharacters {
  const parts: string[] = [];
  const offsets = new Uint32Array(bytes.length);
  let units = 0;
  let sequences = 0;
  let strays = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    const part = length > 0 ? bytes.toString("utf8", at, at + length) : (singleBytes[bytes[at] ?? 0] ?? "");
    if (length > 1) sequences += 1;
    if (length === 0) strays += 1;
    for (let unit = 0; unit < part.length; unit += 1) offsets[units++] = at;
    parts.push(part);
    at += Math.max(length, 1);
  }
  return { text: parts.join(""), offsets: offsets.subarray(0, units), sequences, strays };
}

/** Bytes of the valid UTF-8 character at `at`, 0 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const sequence = bytes.subarray(at, at + length);
  return sequence.length === length && isUtf8(sequence) ? length : 0;
}
