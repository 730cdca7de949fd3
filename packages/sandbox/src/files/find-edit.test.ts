import { describe, expect, test } from "vitest";
import { changedSpan, insertion, lineOf, linesOf, occurrences, type Span } from "./find-edit.ts";

const apply = (text: string, span: Span): string =>
  text.slice(0, span.start) + span.replacement + text.slice(span.end);

test.each([
  ["a b a", "a", [0, 4]],
  ["aaa", "aa", [0, 1]],
  ["x", "y", []],
  ["a\nb\n", "", [0, 2, 4]],
])("occurrences in %j of %j", (text, wanted, expected) => {
  expect(occurrences(text, wanted)).toEqual(expected);
});

test("lineOf counts from 1", () => {
  expect([0, 1, 2, 5].map((index) => lineOf("a\nb\n\nc", index))).toEqual([1, 1, 2, 4]);
});

test("linesOf begins no line after the last line end", () => {
  expect([linesOf(""), linesOf("a"), linesOf("a\n"), linesOf("a\n\n")]).toEqual([
    [],
    ["a"],
    ["a"],
    ["a", ""],
  ]);
});

describe("changedSpan", () => {
  test.each([
    ["abc", "abXc"],
    ["aaa", "aa"],
    ["a\nb", "a\nB\nb"],
    ["", "x"],
    ["x", ""],
    ["😀", "😁"],
    ["a😀b", "a😁b"],
    ["😀😀", "😀"],
  ])("of %j to %j makes the same and touches no half character", (before, after) => {
    const text = `<${before}>`;
    const span = changedSpan(1, before, after);
    expect(apply(text, span)).toBe(`<${after}>`);
    expect(text.slice(span.start, span.end)).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
    expect(span.replacement).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
  });

  test("is the least that changes", () => {
    expect(changedSpan(10, "one two three", "one 2 three")).toEqual({ start: 14, end: 17, replacement: "2" });
  });
});

describe("insertion", () => {
  test.each([
    ["a\nb\n", 0, "x\na\nb\n"],
    ["a\nb\n", 2, "a\nb\nx\n"],
    ["a\nb", 2, "a\nb\nx\n"],
    ["", 0, "x\n"],
  ])("into %j after line %i", (text, line, expected) => {
    const span = insertion(text, line, "x");
    expect(span && apply(text, span)).toBe(expected);
  });

  test.each([-1, 3, 0.5])("has no line %d", (line) => {
    expect(insertion("a\nb\n", line, "x")).toBeNull();
  });
});
