import { expect, test } from "vitest";
import { readListing, readMatches } from "./search-output.ts";

test.each([
  ["/w\0./a\0./b\nc\0", { folder: "/w", paths: ["a", "b\nc"], isWhole: true }],
  ["/w\0", { folder: "/w", paths: [], isWhole: true }],
  ["/w\0a\0cut o", { folder: "/w", paths: ["a"], isWhole: false }],
  ["/w\0a\0\0\n", { folder: "/w", paths: ["a"], isWhole: false }],
  ["", null],
  ["sh: something is wrong\n", null],
])("the listing %j", (output, expected) => {
  expect(readListing(output)).toEqual(expected);
});

const line = (path: string, number: string, text: string) => ({ path, line: number, text });
const whole = { folder: "/w", binaries: [], isWhole: true, said: "" };

test.each([
  ["/w\x000\0./a\x001:x:2:y\n", { ...whole, lines: [line("a", "1", "x:2:y")] }],
  ["/w\x000\0./n\nl:3:x\x002:\0bin\n", { ...whole, lines: [line("n\nl:3:x", "2", "\0bin")] }],
  ["/w\x000\0", { ...whole, lines: [] }],
  ["/w\x000\0./a\x001:x\n\0\n", { ...whole, lines: [line("a", "1", "x")], isWhole: false }],
  ["/w\x000\0./a\x001:x\n./cut", { ...whole, lines: [line("a", "1", "x")], said: "./cut" }],
  ["/w\x000\0regex parse error:\n  (\n", { ...whole, lines: [], said: "regex parse error:\n  (" }],
  [
    '/w\x000\0./b: binary file matches (found "\\0" byte around offset 9)\n./c\x001:x\n',
    { ...whole, lines: [line("c", "1", "x")], binaries: ["b"] },
  ],
  ["/w\0:\0./a:1:x:2:y\n./b:7:\0z\n", { ...whole, lines: [line("a", "1", "x:2:y"), line("b", "7", "\0z")] }],
  ["/w\0:\0./a:1:x\n\0\n", { ...whole, lines: [line("a", "1", "x")], isWhole: false }],
  ["", null],
])("the matches %j", (output, expected) => {
  expect(readMatches(output)).toEqual(expected);
});
