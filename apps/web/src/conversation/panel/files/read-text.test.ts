import { expect, test } from "vitest";
import { readText } from "./read-text.ts";

const stream = (...bytes: number[]): ReadableStream<Uint8Array> =>
  new Blob([Uint8Array.from(bytes)]).stream();

test.each([
  { bytes: [0xc3, 0xa9], text: "é" },
  { bytes: [0xe9, 0x20, 0x80], text: "é €" },
  { bytes: [], text: "" },
  { bytes: [0x61, 0x00, 0x62], text: null },
])("bytes $bytes are read as $text", async ({ bytes, text }) => {
  expect(await readText(stream(...bytes))).toBe(text);
});
