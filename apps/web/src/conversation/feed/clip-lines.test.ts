import { expect, test } from "vitest";
import { clipLines } from "./clip-lines.ts";

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `${index}`).join("\n");

test("a short text is whole, and a single line is never hidden", () => {
  expect(clipLines(lines(5), 2, 3)).toEqual({ head: lines(5), hidden: 0, tail: "" });
  expect(clipLines(lines(6), 2, 3)).toEqual({ head: lines(6), hidden: 0, tail: "" });
});

test("of a long one the middle is hidden", () => {
  expect(clipLines(`${lines(10)}\n`, 2, 3)).toEqual({ head: "0\n1", hidden: 5, tail: "7\n8\n9" });
});
