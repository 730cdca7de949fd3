import type { ModelCall } from "@openhands/protocol";
import type { Spent } from "./model.ts";

/** The row that an answer is in the ledger. `usageId`: what it was asked for, e.g. "agent". */
export function ledgerRow(usageId: string, model: string, spent: Spent): ModelCall {
  const { tokens, cost, priceSource, timing } = spent;
  return {
    usage_id: usageId,
    model,
    tokens,
    cost,
    price_source: priceSource,
    first_token_ms: timing.firstTokenMs,
    total_ms: timing.totalMs,
    ended_at: timing.endedAt,
  };
}
