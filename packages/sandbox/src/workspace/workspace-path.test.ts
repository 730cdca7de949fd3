import { describe, expect, it } from "vitest";
import { fileName } from "./workspace-path.ts";

describe("the name of an uploaded file", () => {
  it.each([
    ["a.txt", "a.txt"],
    [".env", ".env"],
    ["../../etc/passwd", "passwd"],
    ["C:\\x\\b.txt", "b.txt"],
    ["a\u0000b\nc\rd\te.txt", "abcde.txt"],
    ["\u0085a\u2028b\ufeff", "ab"],
    ["photo\u202egpj.exe", "photogpj.exe"],
    ["a.txt. . .", "a.txt"],
    ["  a b  ", "a b"],
    ["..a..", "..a"],
    ["-rf", "-rf"],
    ["cafe\u0301.md", "caf\u00e9.md"],
    ["\ud83d\ude00\ud83d.txt", "\u{1F600}\ufffd.txt"],
    ["%2e%2e%2fx", "%2e%2e%2fx"],
  ])("%j is %j", (given, name) => expect(fileName(given)).toBe(name));

  it("that is too long is cut within no character, and keeps its ending", () => {
    for (const sign of ["x", "\u00e9", "\u6f22", "\u{1F600}"]) {
      const name = fileName(`${sign.repeat(300)}.tar`);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
      expect(Buffer.byteLength(name)).toBeGreaterThan(195);
      expect(name.replaceAll(sign, "")).toBe(".tar");
    }
    expect(Buffer.byteLength(fileName(`a.${"b".repeat(300)}`))).toBe(200);
  });

  it.each(["", ".", "..", "...", "a/", "/", "\\", " ", "\u0000", "\u202e", ". . ."])(
    "%j is none",
    (given) => {
      expect(() => fileName(given)).toThrow("needs a name");
    },
  );
});
