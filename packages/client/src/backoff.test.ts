import { expect, test } from "vitest";
import { backoffDelay } from "./backoff.ts";

const limits = { first: 100, longest: 1_000 };

test("waits double until the longest", () => {
  const waits = [0, 1, 2, 3, 4, 50].map((attempt) => backoffDelay(attempt, limits, 1));
  expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test("chance takes away at most half", () => {
  expect(backoffDelay(2, limits, 0)).toBe(200);
  expect(backoffDelay(2, limits, 0.5)).toBe(300);
});
