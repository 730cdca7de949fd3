import { expect, test } from "vitest";
import { countCall, type ModelCall, noStats, Stats } from "./stats.ts";

const row = (part: Partial<ModelCall>): ModelCall => ({
  usage_id: "agent",
  model: "openai/gpt-5",
  tokens: {
    prompt_tokens: 100,
    completion_tokens: 10,
    cache_read_tokens: 80,
    cache_write_tokens: 5,
    reasoning_tokens: 4,
  },
  cost: 0.01,
  price_source: "catalogue",
  first_token_ms: 20,
  total_ms: 50,
  ended_at: "2026-11-23T10:00:00.000Z",
  ...part,
});

test("calls are summed by use, and by day, model and use", () => {
  const stats = [
    row({}),
    row({ cost: 0.02 }),
    row({ model: "ollama/qwen3", cost: null }),
    row({ usage_id: "title" }),
    row({ ended_at: "2026-11-24T00:00:00.000Z" }),
  ].reduce(countCall, noStats);
  expect(stats.usage_to_metrics.agent).toMatchObject({
    calls: 4,
    accumulated_cost: null,
    accumulated_token_usage: { prompt_tokens: 400, reasoning_tokens: 16 },
  });
  expect(stats.usage_to_metrics.title).toMatchObject({ calls: 1, accumulated_cost: 0.01 });
  expect(
    stats.usage_by_day.map(({ day, model, usage_id, calls, known_cost, unpriced_calls }) => [
      day,
      model,
      usage_id,
      calls,
      known_cost,
      unpriced_calls,
    ]),
  ).toEqual([
    ["2026-11-23", "openai/gpt-5", "agent", 2, 0.03, 0],
    ["2026-11-23", "ollama/qwen3", "agent", 1, 0, 1],
    ["2026-11-23", "openai/gpt-5", "title", 1, 0.01, 0],
    ["2026-11-24", "openai/gpt-5", "agent", 1, 0.01, 0],
  ]);
  expect(stats.last_call?.ended_at).toBe("2026-11-24T00:00:00.000Z");
});

test("sums of a version that did not count by day are read, and counted on", () => {
  const old = Stats.parse({ usage_to_metrics: {} });
  expect(countCall(old, row({})).usage_by_day).toHaveLength(1);
});
