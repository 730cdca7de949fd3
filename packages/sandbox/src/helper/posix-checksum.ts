import { crc32 } from "node:zlib";

/** Bytes mirrored at a time: a copy of a whole file would be garbage for the collector to find at every edit. */
const partBytes = 64 << 10;

/**
 * What POSIX `cksum` prints of these bytes, as "checksum:length". Any image can tell it of a file, at a fraction of what a
 * hash costs there. Its CRC is that of zlib with the bits of each byte, and of the outcome, mirrored.
 */
export function posixChecksum(bytes: Buffer): string {
  const length: number[] = [];
  for (let rest = bytes.length; rest > 0; rest = Math.floor(rest / 256)) length.push(rest % 256);
  // zlib begins with all bits set, POSIX with none
  let ofContent = 0xffffffff;
  for (let from = 0; from < bytes.length; from += partBytes) {
    ofContent = crc32(mirrored(bytes.subarray(from, from + partBytes)), ofContent);
  }
  const sum = crc32(mirrored(Buffer.from(length)), ofContent);
  const turned = Buffer.alloc(4);
  turned.writeUInt32LE(sum);
  return `${mirrored(turned).readUInt32BE()}:${bytes.length}`;
}

/** The bits of each byte in reverse order; four bytes at a time, for files are long. */
function mirrored(bytes: Buffer): Buffer {
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  const result = Buffer.from(words.buffer, 0, bytes.length);
  result.set(bytes);
  for (let index = 0; index < words.length; index += 1) {
    let word = words[index] ?? 0;
    word = ((word >>> 1) & 0x55555555) | ((word & 0x55555555) << 1);
    word = ((word >>> 2) & 0x33333333) | ((word & 0x33333333) << 2);
    words[index] = ((word >>> 4) & 0x0f0f0f0f) | ((word & 0x0f0f0f0f) << 4);
  }
  return result;
}
