import { countCall, noStats } from "@openhands/protocol";
import { expect, test } from "vitest";
import { costWords } from "./cost.ts";

const tokens = {
  prompt_tokens: 1,
  completion_tokens: 1,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  reasoning_tokens: 0,
};
const call = {
  model: "m",
  tokens,
  price_source: null,
  first_token_ms: null,
  total_ms: 1,
  ended_at: "2026-11-23T10:00:00.000Z",
};
const spent = (...costs: (number | null)[]) =>
  costs.reduce((stats, cost, index) => countCall(stats, { ...call, usage_id: `use${index}`, cost }), noStats);

test("nothing is said before the first call", () => {
  expect(costWords(noStats)).toBeNull();
});

test("uses are added up", () => {
  expect(costWords(spent(0.1, 0.08))).toBe("$0.18");
  expect(costWords(spent(0))).toBe("$0.00");
  expect(costWords(spent(0.004))).toBe("< $0.01");
});

test("an unknown price is never counted as nothing", () => {
  expect(costWords(spent(0.1, null))).toBe("cost unknown");
});
