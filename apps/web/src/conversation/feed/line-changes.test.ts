import { expect, test } from "vitest";
import { lineChanges, linesOf } from "./line-changes.ts";

test("only what differs is told", () => {
  expect(lineChanges("a\nb\nc\n", "a\nB\nB2\nc\n")).toEqual({
    removed: ["b"],
    added: ["B", "B2"],
    before: 1,
  });
});

test("repeated lines are not counted at both ends", () => {
  expect(lineChanges("x\nx\n", "x\n")).toEqual({ removed: ["x"], added: [], before: 1 });
  expect(lineChanges("x\n", "x\nx\n")).toEqual({ removed: [], added: ["x"], before: 1 });
});

test("a new file is all added, an equal one unchanged", () => {
  expect(lineChanges("", "a\nb")).toEqual({ removed: [], added: ["a", "b"], before: 0 });
  expect(lineChanges("a\n", "a\n")).toEqual({ removed: [], added: [], before: 1 });
});

test("lines of a text", () => {
  expect(linesOf("")).toEqual([]);
  expect(linesOf("a\n")).toEqual(["a"]);
  expect(linesOf("a\n\n")).toEqual(["a", ""]);
});
