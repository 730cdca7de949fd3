/** From a file's bytes to its characters and back, an encoding each. */
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

/** @param mark bytes of the byte order mark */
export function utf8(bytes: Buffer, mark: number): Decoded {
  const text = bytes.toString("utf8", mark);
  return {
    encoding: "UTF-8",
    text,
    byteAt: (index) => mark + Buffer.byteLength(text.slice(0, index)),
    encode: (inserted) => Buffer.from(inserted),
  };
}

export function utf16(bytes: Buffer, mark: number, order: "little" | "big"): Decoded {
  const inOrder = (units: Buffer): Buffer => (order === "little" ? units : Buffer.from(units).swap16());
  return {
    encoding: "UTF-16",
    text: inOrder(bytes.subarray(mark)).toString("utf16le"),
    byteAt: (index) => mark + index * 2,
    encode: (inserted) => inOrder(Buffer.from(inserted, "utf16le")),
  };
}

/** Each of the 256 bytes is a character, as browsers read it. */
export function singleByte(bytes: Buffer, encoding: "windows-1252" | "windows-1251"): Decoded {
  const characters = singleBytes(encoding);
  return {
    encoding,
    text: Array.from(bytes, (byte) => characters[byte]).join(""),
    byteAt: (index) => index,
    encode(inserted) {
      const values = Array.from(inserted, (character) => characters.indexOf(character));
      return values.includes(-1) ? null : Buffer.from(values);
    },
  };
}

export function gbk(bytes: Buffer): Decoded {
  const pairs = gbkPairs();
  const bytesOf = new Map(Array.from(pairs, ([pair, character]) => [character, pair]));
  const { text, offsets } = characters(bytes, (at) => {
    const pair = pairs.get(bytes.readUInt8(at) * 256 + (bytes[at + 1] ?? 0));
    return (bytes[at] ?? 0) < 0x80 || pair === undefined ? null : { part: pair, length: 2 };
  });
  return {
    encoding: "GBK",
    text,
    byteAt: (index) => offsets[index] ?? bytes.length,
    encode(inserted) {
      const values: number[] = [];
      for (const character of inserted) {
        const pair = bytesOf.get(character);
        if (character < "\x80") values.push(character.charCodeAt(0));
        else if (pair === undefined) return null;
        else values.push(pair >> 8, pair & 0xff);
      }
      return Buffer.from(values);
    },
  };
}

/** UTF-8 with some bytes that are none: each of these stands as the character that windows-1252 has for it. */
export function strayUtf8(bytes: Buffer): Decoded {
  const { text, offsets } = characters(bytes, (at) => {
    const length = sequenceLength(bytes, at);
    return length < 2 ? null : { part: bytes.toString("utf8", at, at + length), length };
  });
  return {
    encoding: "UTF-8",
    text,
    byteAt: (index) => offsets[index] ?? bytes.length,
    encode: (inserted) => Buffer.from(inserted),
  };
}

/** Bytes of the valid UTF-8 character at `at`, 0 where there is none. */
export function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const sequence = bytes.subarray(at, at + length);
  return sequence.length === length && isUtf8(sequence) ? length : 0;
}

type LongCharacter = { readonly part: string; readonly length: number };

/** The text, and where in `bytes` each of its UTF-16 units begins. `longAt` finds characters of more than one byte. */
function characters(
  bytes: Buffer,
  longAt: (at: number) => LongCharacter | null,
): { readonly text: string; readonly offsets: Uint32Array } {
  const single = singleBytes("windows-1252");
  const parts: string[] = [];
  const offsets = new Uint32Array(bytes.length);
  let units = 0;
  for (let at = 0; at < bytes.length;) {
    const long = (bytes[at] ?? 0) < 0x80 ? null : longAt(at);
    const part = long?.part ?? single[bytes[at] ?? 0] ?? "";
    for (let unit = 0; unit < part.length; unit += 1) offsets[units++] = at;
    parts.push(part);
    at += long?.length ?? 1;
  }
  return { text: parts.join(""), offsets: offsets.subarray(0, units) };
}

function singleBytes(encoding: string): string {
  return new TextDecoder(encoding).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
}

/** The character of each pair of bytes, first times 256 plus second: all decoded at once, a line each. */
function gbkPairs(): ReadonlyMap<number, string> {
  const pairs: number[] = [];
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) if (trail !== 0x7f) pairs.push(lead * 256 + trail);
  }
  const lines = Uint8Array.from(pairs.flatMap((pair) => [pair >> 8, pair & 0xff, 0x0a]));
  const decoded = new TextDecoder("gbk").decode(lines).split("\n");
  return new Map(
    pairs.flatMap((pair, index): [number, string][] => {
      const character = decoded[index] ?? "";
      return character.length === 1 && character !== "\uFFFD" ? [[pair, character]] : [];
    }),
  );
}
