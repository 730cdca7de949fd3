import type { Stats } from "@openhands/protocol";
import type { Guard } from "./guard.ts";

/**
 * What a million tokens of a model without a known price count as, in US dollars: as much as the output of a large
 * model costs, so that a budget holds rather than that it is used up to the cent.
 */
const dollarsPerUnpricedMillion = 25;

/** Ends a run before the call that would come after its budget is spent. Every kind of call counts. */
export const budget: Guard = ({ state, maxBudget }) => {
  if (maxBudget === null) return null;
  const { statsBefore } = state;
  const spent = worth(state.stats) - worth(statsBefore);
  if (spent < maxBudget) return null;
  const unpriced = unpricedTokens(state.stats) > unpricedTokens(statsBefore);
  const reckoned = unpriced
    ? ` The price of some calls is not known; their tokens count as $${dollarsPerUnpricedMillion} a million.`
    : "";
  return {
    kind: "stop",
    status: "error",
    code: "MaxBudgetReached",
    detail: `It has spent $${spent.toFixed(2)} of the $${maxBudget.toFixed(2)} that one run may cost.${reckoned} Send a message to let it go on, or raise the limit in the settings.`,
  };
};

const worth = (stats: Stats): number =>
  stats.usage_by_day.reduce((sum, usage) => sum + usage.known_cost, 0) +
  (unpricedTokens(stats) / 1_000_000) * dollarsPerUnpricedMillion;

/** Tokens of the sums that hold a call without a price: a few too many rather than none. */
function unpricedTokens(stats: Stats): number {
  return stats.usage_by_day
    .filter((usage) => usage.unpriced_calls > 0)
    .reduce((sum, { tokens }) => sum + tokens.prompt_tokens + tokens.completion_tokens, 0);
}
