import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { FrameSplitter } from "./frame-splitter.ts";

function frame(kind: number, content: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(Buffer.byteLength(content), 4);
  return Buffer.concat([header, Buffer.from(content)]);
}

const stream = Buffer.concat([
  frame(1, "out"),
  frame(2, "err"),
  frame(1, ""),
  frame(1, "put"),
  frame(2, "or"),
]);

it.each([1, 3, 8, 11, stream.length])("takes frames apart that come in chunks of %i bytes", async (size) => {
  const splitter = new FrameSplitter();
  const [stdout, stderr] = [text(splitter.stdout), text(splitter.stderr)];
  for (let at = 0; at < stream.length; at += size) splitter.write(stream.subarray(at, at + size));
  splitter.end();
  expect([await stdout, await stderr]).toEqual(["output", "error"]);
});

it("ends both outputs where the connection breaks off", async () => {
  const splitter = new FrameSplitter();
  const [stdout, stderr] = [text(splitter.stdout), text(splitter.stderr)];
  splitter.write(frame(1, "whole").subarray(0, 10));
  splitter.destroy();
  expect([await stdout, await stderr]).toEqual(["wh", ""]);
});

it("takes no more than the reader does", async () => {
  const splitter = new FrameSplitter();
  const large = "x".repeat(100_000);
  splitter.write(frame(1, large));
  expect(splitter.writableNeedDrain).toBe(true);
  const stdout = text(splitter.stdout);
  splitter.end();
  expect((await stdout).length).toBe(large.length);
});
