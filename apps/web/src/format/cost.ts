import type { Stats } from "@openhands/protocol";

/** What a conversation cost, as words; null before the first model call. One unknown price makes the sum unknown. */
export function costWords(stats: Stats): string | null {
  const metrics = Object.values(stats.usage_to_metrics);
  if (metrics.length === 0) return null;
  let sum = 0;
  for (const { accumulated_cost: cost } of metrics) {
    if (cost === null) return "cost unknown";
    sum += cost;
  }
  return sum > 0 && sum < 0.01 ? "< $0.01" : `$${sum.toFixed(2)}`;
}
