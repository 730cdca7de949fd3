import type { ModelFacts, ModelPrices, TokenUsage } from "@openhands/protocol";

const million = 1_000_000;

/** What a call cost in US dollars; null where its price is not known. */
export function costOf(tokens: TokenUsage, facts: ModelFacts): number | null {
  const prices = pricesFor(tokens.prompt_tokens, facts);
  if (prices === null) return null;
  const { prompt_tokens: input, cache_read_tokens: read, cache_write_tokens: written } = tokens;
  const plain = Math.max(0, input - read - written);
  const dollars =
    plain * prices.input +
    read * (prices.cache_read ?? prices.input) +
    written * (prices.cache_write ?? prices.input) +
    tokens.completion_tokens * prices.output;
  return dollars / million;
}

/** Those of the highest tier that the request reaches. */
function pricesFor(inputTokens: number, { prices, price_tiers: tiers }: ModelFacts): ModelPrices | null {
  const reached = tiers.filter(({ above }) => inputTokens > above);
  return reached.toSorted((a, b) => b.above - a.above)[0] ?? prices;
}
