/** What a person is told of a run: how it ended, and what to do where it waits for them. */
import type { ActionEvent, ConversationInfo } from "@openhands/protocol";
import { describeAction } from "./describe-action.ts";
import { plain } from "./plain-text.ts";

/** @param open the actions that nothing has answered */
export function summaryOf(info: ConversationInfo, open: Iterable<ActionEvent> = []): string {
  switch (info.execution_status) {
    case "waiting_for_confirmation":
      return waiting(info, open);
    case "paused":
      return `Paused. To go on: openhands run --conversation ${info.id} -t "go on", or a message on the page.`;
    case "error":
    case "stuck":
      return plain(`${info.error?.detail ?? "The run ended in an error."} (${ledger(info)})`);
    case "idle":
      return `Nothing runs. (${ledger(info)})`;
    case "running":
      return `Goes on. (${ledger(info)})`;
    case "finished":
      return `Finished. (${ledger(info)})`;
  }
}

function waiting({ id }: ConversationInfo, open: Iterable<ActionEvent>): string {
  const actions = [...open].map((action) => {
    const reasons = action.risk_reasons ?? [];
    const why = reasons.length === 0 ? "" : ` (${action.security_risk}: ${reasons.join(", ")})`;
    return plain(`  ${describeAction(action)}${why}`);
  });
  return `Waits for your approval:
${actions.join("\n")}
Answer on the page, at /conversations/${id} of a server on this home (npm start), or by the API there:
  POST /api/conversations/${id}/events/respond_to_confirmation {"accept": true} or {"accept": false}
A message instead rejects what waits: openhands run --conversation ${id} -t "…"`;
}

function ledger({ id, stats }: ConversationInfo): string {
  const sums = Object.values(stats.usage_to_metrics);
  const calls = sums.reduce((sum, metrics) => sum + metrics.calls, 0);
  const cost = sums.reduce<number | null>(
    (sum, { accumulated_cost: own }) => (sum === null || own === null ? null : sum + own),
    0,
  );
  const price = cost === null ? "cost unknown" : `$${cost.toFixed(4)}`;
  return `conversation ${id}, ${calls} model ${calls === 1 ? "call" : "calls"}, ${price}`;
}
