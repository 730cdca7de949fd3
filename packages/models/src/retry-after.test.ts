import { expect, test } from "vitest";
import { retryAfterSeconds } from "./retry-after.ts";

const now = new Date("2026-11-23T12:00:00Z");

test.each<[Record<string, string>, string, number | null]>([
  [{}, "", null],
  [{ "retry-after": "20" }, "", 20],
  [{ "retry-after": "0" }, "", 0],
  [{ "retry-after": "Mon, 23 Nov 2026 12:00:45 GMT" }, "", 45],
  [{ "retry-after": "Mon, 23 Nov 2026 11:00:00 GMT" }, "", 0],
  [{ "retry-after": "soon" }, "", null],
  [{ "retry-after": "" }, "", null],
  [{ "retry-after-ms": "1500", "retry-after": "2" }, "", 1.5],
  [{}, '{"error":{"details":[{"retryDelay": "34.5s"}]}}', 34.5],
])("%j and %j", (headers, words, seconds) => {
  expect(retryAfterSeconds({ headers, words }, now)).toBe(seconds);
});
