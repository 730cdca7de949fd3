/**
 * A zip archive, streamed: what it holds in memory depends on a chunk, never on a file. Sizes come behind each file, so
 * nothing need be known before; no file and no archive of more than 4 GiB.
 */
import { pipeline, Readable } from "node:stream";
import { crc32, createDeflateRaw } from "node:zlib";

export interface ZipEntry {
  /** path within the archive, with / between its parts */
  readonly name: string;
  readonly content: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
  /** type and rights as Unix has them; without it a file for its owner alone */
  readonly mode?: number;
}

/** What the archive's directory says of one file. */
interface Written {
  readonly name: Buffer;
  readonly mode: number;
  readonly offset: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
}

const version = 20;
/** sizes follow the content; names are UTF-8 */
const flags = 0x0808;
const deflated = 8;
const nothing = Buffer.alloc(0);

export async function* zip(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let offset = 0;
  for await (const { name, content, mode = 0o100600 } of entries) {
    const path = Buffer.from(name);
    const start = offset;
    const sum = { checksum: 0, size: 0 };
    let packed = 0;
    const head = Buffer.concat([
      fields([4, 0x04034b50], ...common(), [4, 0], [4, 0], [4, 0], [2, path.length], [2, 0]),
      path,
    ]);
    const deflate = createDeflateRaw();
    // what fails in the content, fails in what is read below
    pipeline(Readable.from(counted(content, sum)), deflate, () => undefined);
    // a file's head goes with its first bytes: of what can't be read at all, nothing is sent
    let before = head;
    for await (const chunk of deflate) {
      const bytes = chunk as Buffer;
      packed += bytes.length;
      yield Buffer.concat([before, bytes]);
      before = nothing;
    }
    yield fields([4, 0x08074b50], [4, sum.checksum], [4, packed], [4, sum.size]);
    offset += head.length + packed + 16;
    written.push({ name: path, mode, offset: start, packed, ...sum });
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  const { length: count } = written;
  yield fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, directory.length],
    [4, offset],
    [2, 0],
  );
}

function directoryEntry({ name, mode, offset, checksum, packed, size }: Written): Buffer {
  const rights = (mode << 16) >>> 0;
  return Buffer.concat([
    fields(
      [4, 0x02014b50],
      [2, (3 << 8) | version],
      ...common(),
      [4, checksum],
      [4, packed],
      [4, size],
      [2, name.length],
    ),
    fields([2, 0], [2, 0], [2, 0], [2, 0], [4, rights], [4, offset]),
    name,
  ]);
}

/** Version, flags, method; a time of no meaning: the first day that a zip knows. */
const common = (): [number, number][] => [
  [2, version],
  [2, flags],
  [2, deflated],
  [2, 0],
  [2, 0x21],
];

/** Numbers one after the other, little-endian, each in so many bytes. */
function fields(...numbers: readonly (readonly [number, number])[]): Buffer {
  return Buffer.concat(
    numbers.map(([bytes, value]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}

async function* counted(
  content: ZipEntry["content"],
  sum: { checksum: number; size: number },
): AsyncGenerator<Buffer> {
  for await (const part of content) {
    const bytes = Buffer.from(part);
    sum.checksum = crc32(bytes, sum.checksum);
    sum.size += bytes.length;
    yield bytes;
  }
}
