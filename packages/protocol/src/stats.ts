/** The ledger: what each model call took and cost, and its sums. V1's `usage_to_metrics` is one of them. */
import * as z from "zod";

export const TokenUsage = z.looseObject({
  /** all that was read, with what came from a cache or was written to one */
  prompt_tokens: z.number().int(),
  /** all that was written, reasoning included */
  completion_tokens: z.number().int(),
  cache_read_tokens: z.number().int(),
  cache_write_tokens: z.number().int(),
  reasoning_tokens: z.number().int(),
});
export type TokenUsage = z.infer<typeof TokenUsage>;

/** A row of the ledger. */
export const ModelCall = z.looseObject({
  /** what it was for: "agent", "condenser", "title", "probe", … */
  usage_id: z.string(),
  /** as the user writes it */
  model: z.string(),
  tokens: TokenUsage,
  /** US dollars, or null where it is not known */
  cost: z.number().nullable(),
  /** what the cost was reckoned with; null where it is not known */
  price_source: z.string().nullable(),
  /** from the request to the first part of the answer; null where it had none */
  first_token_ms: z.number().nullable(),
  total_ms: z.number(),
  /** ISO 8601, UTC */
  ended_at: z.string(),
});
export type ModelCall = z.infer<typeof ModelCall>;

export const Metrics = z.looseObject({
  model_name: z.string(),
  calls: z.number().int(),
  /** US dollars; null as soon as one call's price is not known */
  accumulated_cost: z.number().nullable(),
  accumulated_token_usage: TokenUsage,
});
export type Metrics = z.infer<typeof Metrics>;

/** What one model was used for on one day. */
export const UsageSum = z.looseObject({
  /** YYYY-MM-DD, UTC */
  day: z.string(),
  model: z.string(),
  usage_id: z.string(),
  calls: z.number().int(),
  /** US dollars, of the calls whose cost is known */
  known_cost: z.number(),
  /** calls whose cost is not known */
  unpriced_calls: z.number().int(),
  tokens: TokenUsage,
});
export type UsageSum = z.infer<typeof UsageSum>;

export const Stats = z.looseObject({
  usage_to_metrics: z.record(z.string(), Metrics),
  usage_by_day: z.array(UsageSum).default([]),
  /** the call that these sums counted last */
  last_call: ModelCall.nullish(),
});
export type Stats = z.infer<typeof Stats>;

/** `GET /api/usage`: the sums of every conversation there is. */
export const UsageReport = z.object({ items: z.array(UsageSum) });
export type UsageReport = z.infer<typeof UsageReport>;

export const noStats: Stats = { usage_to_metrics: {}, usage_by_day: [] };

const noTokens: TokenUsage = {
  prompt_tokens: 0,
  completion_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  reasoning_tokens: 0,
};

/** `stats` with one call added. */
export function countCall(stats: Stats, call: ModelCall): Stats {
  const before = stats.usage_to_metrics[call.usage_id];
  const cost = before ? before.accumulated_cost : 0;
  const metrics: Metrics = {
    model_name: call.model,
    calls: (before?.calls ?? 0) + 1,
    accumulated_cost: cost === null || call.cost === null ? null : cost + call.cost,
    accumulated_token_usage: addTokens(before?.accumulated_token_usage ?? noTokens, call.tokens),
  };
  return {
    ...stats,
    usage_to_metrics: { ...stats.usage_to_metrics, [call.usage_id]: metrics },
    usage_by_day: addUsage(stats.usage_by_day, sumOf(call)),
    last_call: call,
  };
}

/** `sums` with `sum` added to that of its day, model and use. */
export function addUsage(sums: readonly UsageSum[], sum: UsageSum): UsageSum[] {
  const fits = (other: UsageSum): boolean =>
    other.day === sum.day && other.model === sum.model && other.usage_id === sum.usage_id;
  if (!sums.some(fits)) return [...sums, sum];
  return sums.map((other) =>
    fits(other)
      ? {
          ...other,
          calls: other.calls + sum.calls,
          known_cost: other.known_cost + sum.known_cost,
          unpriced_calls: other.unpriced_calls + sum.unpriced_calls,
          tokens: addTokens(other.tokens, sum.tokens),
        }
      : other,
  );
}

/** A single call as a sum. */
export function sumOf({ ended_at: endedAt, model, usage_id, cost, tokens }: ModelCall): UsageSum {
  return {
    day: endedAt.slice(0, 10),
    model,
    usage_id,
    calls: 1,
    known_cost: cost ?? 0,
    unpriced_calls: cost === null ? 1 : 0,
    tokens,
  };
}

function addTokens(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    prompt_tokens: a.prompt_tokens + b.prompt_tokens,
    completion_tokens: a.completion_tokens + b.completion_tokens,
    cache_read_tokens: a.cache_read_tokens + b.cache_read_tokens,
    cache_write_tokens: a.cache_write_tokens + b.cache_write_tokens,
    reasoning_tokens: a.reasoning_tokens + b.reasoning_tokens,
  };
}
