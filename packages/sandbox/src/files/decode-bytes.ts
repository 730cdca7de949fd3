/** Which encoding a file has. Where that can't be told, a wrong guess shows strange characters and harms no byte. */
import { isUtf8 } from "node:buffer";
import { type Decoded, gbk, sequenceLength, singleByte, strayUtf8, utf16, utf8 } from "./encodings.ts";

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
  if (isUtf8(bytes)) return utf8(bytes, 0);
  if (isMostlyUtf8(bytes)) return strayUtf8(bytes);
  if (isGbk(bytes)) return gbk(bytes);
  return singleByte(bytes, isCyrillic(bytes) ? "windows-1251" : "windows-1252");
}

const startsWith = (bytes: Buffer, start: readonly number[]): boolean =>
  start.every((value, index) => bytes[index] === value);

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

/** More valid sequences of several bytes than bytes that belong to none. */
function isMostlyUtf8(bytes: Buffer): boolean {
  let sequences = 0;
  let strays = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length > 1) sequences += 1;
    if (length === 0) strays += 1;
    at += Math.max(length, 1);
  }
  return sequences > strays;
}

/**
 * Bytes over 127 only in pairs, nearly all of them common Chinese characters or punctuation. In Western and Cyrillic
 * texts they stand alone, or the first of two is a small letter, which no common Chinese character begins with.
 */
function isGbk(bytes: Buffer): boolean {
  let pairs = 0;
  let common = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    at += 1;
    const trail = bytes[at] ?? 0;
    if (lead === 0x80 || lead === 0xff || trail < 0x40 || trail === 0x7f || trail === 0xff) return false;
    pairs += 1;
    if (trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3))) common += 1;
  }
  return common >= pairs * 0.8;
}

/** Whole words of bytes over 127, most of them what windows-1251 has for small letters. */
function isCyrillic(bytes: Buffer): boolean {
  let high = 0;
  let small = 0;
  let runs = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) continue;
    high += 1;
    if (byte >= 0xe0) small += 1;
    if ((bytes[at - 1] ?? 0) < 0x80) runs += 1;
  }
  return high >= runs * 3 && small > high * 0.6;
}
