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
  [{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m1.5s" }, "", 361.5],
  [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "120ms" }, "", 0.12],
  [{ "x-ratelimit-remaining-tokens": "17", "x-ratelimit-reset-tokens": "1s" }, "", null],
  [
    {
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-11-23T12:00:30Z",
      "anthropic-ratelimit-tokens-remaining": "0",
      "anthropic-ratelimit-tokens-reset": "2026-11-23T12:00:50Z",
    },
    "",
    50,
  ],
  [{}, '{"error":{"details":[{"retryDelay": "34.5s"}]}}', 34.5],
])("%j and %j", (headers, words, seconds) => {
  expect(retryAfterSeconds({ headers, words }, now)).toBe(seconds);
});
