import { expect, test } from "vitest";
import { durationWords, elapsed } from "./duration.ts";

test.each([
  [0, "0 ms"],
  [12.4, "12 ms"],
  [1_000, "1.0 s"],
  [9_949, "9.9 s"],
  [9_950, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min"],
  [185_000, "3 min 5 s"],
  [3_600_000, "1 h"],
  [7_440_000, "2 h 4 min"],
  [-5, "0 ms"],
])("%d ms is %s", (milliseconds, words) => {
  expect(durationWords(milliseconds)).toBe(words);
});

test("elapsed time is null when it cannot be true", () => {
  expect(elapsed("2026-01-01T00:00:00Z", "2026-01-01T00:00:01.500Z")).toBe(1_500);
  expect(elapsed("2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z")).toBeNull();
  expect(elapsed("no time", "2026-01-01T00:00:00Z")).toBeNull();
});
