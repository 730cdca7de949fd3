import { countCall, type ModelCall, noStats, type Stats } from "@openhands/protocol";
import { expect, it } from "vitest";
import { RecentSteps } from "../recent-steps.ts";
import { budget } from "./budget.ts";

const call = (cost: number | null, tokens = 0): ModelCall => ({
  usage_id: "agent",
  model: "openai/x",
  cost,
  price_source: cost === null ? null : "test",
  tokens: {
    prompt_tokens: tokens,
    completion_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
  },
  first_token_ms: null,
  total_ms: 1,
  ended_at: "2026-01-01T00:00:00Z",
});
const after = (before: Stats, ...calls: readonly ModelCall[]): Stats => calls.reduce(countCall, before);
const check = (before: Stats, now: Stats, maxBudget: number | null) =>
  budget({
    state: { stats: now, statsBefore: before },
    recent: new RecentSteps(),
    maxIterations: 1,
    maxBudget,
  });

it("ends the run once what it cost reaches the limit, whatever the calls were for", () => {
  const spent = after(noStats, call(0.4), { ...call(0.6), usage_id: "condenser" });
  expect(check(noStats, spent, 1.01)).toBeNull();
  expect(check(noStats, spent, 1)).toMatchObject({ status: "error", code: "MaxBudgetReached" });
  expect(check(noStats, spent, null)).toBeNull();
});

it("counts this run alone: a message continues", () => {
  const before = after(noStats, call(5));
  expect(check(before, after(before, call(0.5)), 1)).toBeNull();
  expect(check(before, after(before, call(1)), 1)).not.toBeNull();
});

it("holds a model without a known price by its tokens", () => {
  expect(check(noStats, after(noStats, call(null, 1000)), 1)).toBeNull();
  expect(check(noStats, after(noStats, call(null, 100_000)), 1)?.kind).toBe("stop");
});
