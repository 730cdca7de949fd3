import type { Readable } from "node:stream";

/** Reads up to the first newline, or the end, and leaves the rest in the stream. */
export async function firstLine(stream: Readable): Promise<string> {
  let line = Buffer.alloc(0);
  for (;;) {
    const byte: Buffer | null = stream.read(1);
    if (byte) {
      if (byte[0] === 0x0a) return line.toString();
      line = Buffer.concat([line, byte]);
    } else if (!(await moreToRead(stream))) return line.toString();
  }
}

function moreToRead(stream: Readable): Promise<boolean> {
  if (stream.readableEnded || stream.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (more: boolean): void => {
      stream.off("readable", onReadable).off("end", onEnd).off("close", onEnd);
      resolve(more);
    };
    const onReadable = (): void => settle(true);
    const onEnd = (): void => settle(false);
    stream.on("readable", onReadable).on("end", onEnd).on("close", onEnd);
  });
}
