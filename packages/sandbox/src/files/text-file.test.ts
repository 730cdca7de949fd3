import { describe, expect, test } from "vitest";
import { TextFile } from "./text-file.ts";

const samples: readonly (readonly [string, Buffer])[] = [
  ["UTF-8", Buffer.from("añb漢c😀d\n")],
  ["UTF-8 with mark and mixed line ends", Buffer.from("\uFEFFone\r\ntwo\nthree\r\n\r\nfour")],
  ["UTF-16 LE", Buffer.from("\uFEFFone\r\ntwo é\r\n", "utf16le")],
  ["UTF-16 BE", Buffer.from("\uFEFFone\ntwo 漢\n", "utf16le").swap16()],
  ["UTF-16 without mark", Buffer.from("plain text\r\nlines\r\n", "utf16le")],
  ["latin-1", Buffer.from("caf\xe9 \x93quoted\x94 \x81\r\n", "latin1")],
  [
    "UTF-8 with stray bytes",
    Buffer.concat([Buffer.from("é漢é"), Buffer.from([0xff, 0x0a, 0xc3]), Buffer.from("x😀\n")]),
  ],
  ["GBK", Buffer.from([0xc4, 0xe3, 0xba, 0xc3, 0x0a, 0x61, 0x0a])],
  ["lone carriage returns", Buffer.from("a\rb\r\nc\n")],
  ["empty", Buffer.alloc(0)],
];

describe("TextFile", () => {
  test.each(samples)("%s: an edit anywhere keeps every other byte", (_name, bytes) => {
    const text = TextFile.from(bytes)?.text ?? "not text";
    for (let at = 0; at <= text.length; at += 1) {
      if (/[\uDC00-\uDFFF]/.test(text.charAt(at))) continue;
      const edited = TextFile.from(bytes)?.splice(at, at, "#")?.bytes ?? Buffer.alloc(0);
      expect(withoutInsertion(bytes, edited)).toEqual(bytes);
      expect(TextFile.from(edited)?.text).toBe(`${text.slice(0, at)}#${text.slice(at)}`);
    }
  });

  test.each([
    ["binary", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0])],
    ["zeros", Buffer.alloc(64)],
    ["control characters", Buffer.from("\x01\x02\x03abc", "latin1")],
  ])("is none for %s", (_name, bytes) => {
    expect(TextFile.from(bytes)).toBeNull();
  });

  test("takes the line ends of the place", () => {
    const file = TextFile.from(Buffer.from("a\r\nb\nc"));
    expect(file?.splice(1, 1, "\nx")?.bytes.toString()).toBe("a\r\nx\r\nb\nc");
    expect(file?.splice(5, 5, "\nx")?.bytes.toString()).toBe("a\r\nb\nc\nx");
  });

  test("writes no character that the encoding lacks", () => {
    expect(TextFile.from(Buffer.from("caf\xe9", "latin1"))?.splice(0, 0, "漢")).toBeNull();
  });
});

/** `longer` without the bytes that were put in where it departs from `bytes`. */
function withoutInsertion(bytes: Buffer, longer: Buffer): Buffer {
  const count = longer.length - bytes.length;
  const from = bytes.findIndex((byte, index) => byte !== longer[index]);
  const at = from === -1 ? bytes.length : from;
  return Buffer.concat([longer.subarray(0, at), longer.subarray(at + count)]);
}
