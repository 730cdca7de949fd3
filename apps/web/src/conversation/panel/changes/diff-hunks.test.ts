import { expect, test } from "vitest";
import { diffOf } from "./diff-hunks.ts";

const numbered = (...lines: readonly (number | string)[]): string =>
  lines.map((line) => `${line}\n`).join("");

test("a change stands between what is around it, with the numbers of both sides", () => {
  const { hunks, added, removed } = diffOf(
    numbered(1, 2, 3, 4, 5, 6, 7, 8),
    numbered(1, 2, 3, 4, "five", 6, 7, 8),
  );
  expect([added, removed]).toEqual([1, 1]);
  expect(hunks).toHaveLength(1);
  expect(hunks[0]?.map(({ type, before, after, text }) => `${type} ${before} ${after} ${text}`)).toEqual([
    "same 2 2 2",
    "same 3 3 3",
    "same 4 4 4",
    "removed 5 null 5",
    "added null 5 five",
    "same 6 6 6",
    "same 7 7 7",
    "same 8 8 8",
  ]);
});

test("changes that are far apart are hunks of their own", () => {
  const lines = Array.from({ length: 60 }, (_, index) => index);
  const changed = lines.with(2, 100).with(50, 200);
  expect(diffOf(numbered(...lines), numbered(...changed)).hunks).toHaveLength(2);
});

test("a new file is all added, a deleted one all removed, and a missing end of line is none of its lines", () => {
  expect(diffOf("", "one\ntwo")).toMatchObject({ added: 2, removed: 0 });
  expect(diffOf("one\ntwo", "")).toMatchObject({ added: 0, removed: 2 });
  expect(diffOf("one\n", "one")).toMatchObject({ added: 1, removed: 1 });
});

test("the same text has no hunks", () => {
  expect(diffOf("one\n", "one\n").hunks).toEqual([]);
});
