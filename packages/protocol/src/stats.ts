/** What model calls cost, per use (agent, condenser, title): V1's `usage_to_metrics`. */
import * as z from "zod";

export const TokenUsage = z.looseObject({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  cache_read_tokens: z.number().int(),
  cache_write_tokens: z.number().int(),
  reasoning_tokens: z.number().int(),
});
export type TokenUsage = z.infer<typeof TokenUsage>;

export const Metrics = z.looseObject({
  model_name: z.string(),
  calls: z.number().int(),
  /** US dollars; null as soon as one call's price is not known */
  accumulated_cost: z.number().nullable(),
  accumulated_token_usage: TokenUsage,
});
export type Metrics = z.infer<typeof Metrics>;

export const Stats = z.looseObject({ usage_to_metrics: z.record(z.string(), Metrics) });
export type Stats = z.infer<typeof Stats>;

export const noStats: Stats = { usage_to_metrics: {} };

/** One model call, as the ledger counts it. */
export interface ModelCall {
  /** "agent", "condenser", "title", … */
  usage_id: string;
  model: string;
  /** US dollars, or null where the price is not known */
  cost: number | null;
  tokens: TokenUsage;
}

/** `stats` with one call added. */
export function countCall(stats: Stats, call: ModelCall): Stats {
  const before = stats.usage_to_metrics[call.usage_id];
  const sum = before?.accumulated_token_usage;
  const cost = before ? before.accumulated_cost : 0;
  const metrics: Metrics = {
    model_name: call.model,
    calls: (before?.calls ?? 0) + 1,
    accumulated_cost: cost === null || call.cost === null ? null : cost + call.cost,
    accumulated_token_usage: {
      prompt_tokens: (sum?.prompt_tokens ?? 0) + call.tokens.prompt_tokens,
      completion_tokens: (sum?.completion_tokens ?? 0) + call.tokens.completion_tokens,
      cache_read_tokens: (sum?.cache_read_tokens ?? 0) + call.tokens.cache_read_tokens,
      cache_write_tokens: (sum?.cache_write_tokens ?? 0) + call.tokens.cache_write_tokens,
      reasoning_tokens: (sum?.reasoning_tokens ?? 0) + call.tokens.reasoning_tokens,
    },
  };
  return { ...stats, usage_to_metrics: { ...stats.usage_to_metrics, [call.usage_id]: metrics } };
}
