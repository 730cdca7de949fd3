import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { redactedBytes } from "./redacted-bytes.ts";
import { createRedactor } from "./redactor.ts";

const secret = "geheim: Grüße €12";

async function redacted(bytes: Uint8Array, pieceBytes: number): Promise<Buffer> {
  const redactor = createRedactor();
  redactor.add(secret);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
  }
  return await buffer(redactedBytes(pieces(), redactor));
}

test("bytes of any kind come out as they went in", async () => {
  const bytes = Buffer.concat([
    randomBytes(100_000),
    Buffer.from("Größe 🦊 \0\r\n"),
    Buffer.from([0xff, 0xc3]),
  ]);
  for (const size of [1000, 7, 100_000]) expect((await redacted(bytes, size)).equals(bytes)).toBe(true);
  expect((await redacted(Buffer.alloc(0), 1)).length).toBe(0);
});

test("a secret goes wherever the pieces are cut, within bytes that are no text", async () => {
  const around = Buffer.from([0, 0xff, 0xc3, 0x28]);
  const bytes = Buffer.concat([around, Buffer.from(secret), around]);
  const expected = Buffer.concat([around, Buffer.from("<secret-hidden>"), around]);
  for (let size = 1; size < bytes.length; size += 1) expect(await redacted(bytes, size)).toEqual(expected);
});
