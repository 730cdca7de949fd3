import { expect, it } from "vitest";
import { snippet } from "./snippet.ts";

const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
const numbers = (shown: string): number[] => shown.split("\n").map((line) => Number.parseInt(line, 10));

it("shows four lines before and after", () => {
  const text = `${lines.join("\n")}\n`;
  expect(numbers(snippet(text, text.indexOf("line 10"), "line 10".length))).toEqual([
    6, 7, 8, 9, 10, 11, 12, 13, 14,
  ]);
  expect(numbers(snippet(text, text.indexOf("line 10"), "line 10\nline 11".length)).at(-1)).toBe(15);
});

it("ends where the file does", () => {
  const text = lines.join("\n");
  expect(numbers(snippet(text, 0, 3))).toEqual([1, 2, 3, 4, 5]);
  expect(numbers(snippet(text, text.length, 0))).toEqual([16, 17, 18, 19, 20]);
  expect(snippet("\n\nx", 2, 1).split("\n")).toHaveLength(3);
  expect(snippet("", 0, 0)).toBe("");
});
