import type { UsageSum } from "@openhands/protocol";
import { useUsage } from "../app/model-queries.ts";

/** Days that are listed; older ones are in the API. */
const daysShown = 14;

/** What the models were used for and cost, by day and model. */
export function ModelUsage() {
  const usage = useUsage();
  const rows = byDayAndModel(usage.data?.items ?? []);
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="usage-heading" className="flex flex-col gap-3">
      <h2 id="usage-heading" className="text-[15px] font-semibold">
        Use of models
      </h2>
      <table data-testid="usage" className="w-full text-small">
        <thead className="text-left text-mute">
          <tr>
            <th className="font-normal">Day</th>
            <th className="font-normal">Model</th>
            <th className="text-right font-normal">Calls</th>
            <th className="text-right font-normal">Tokens in / out</th>
            <th className="text-right font-normal">Cost</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.day} ${row.model}`} className="border-t border-line tabular-nums">
              <td className="py-1 pr-3 whitespace-nowrap">{row.day}</td>
              <td className="py-1 pr-3 font-mono text-code wrap-anywhere">{row.model}</td>
              <td className="py-1 text-right">{row.calls}</td>
              <td className="py-1 pl-3 text-right whitespace-nowrap">
                {row.input.toLocaleString()} / {row.output.toLocaleString()}
              </td>
              <td className="py-1 pl-3 text-right whitespace-nowrap">{costWords(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface UsageRow {
  readonly day: string;
  readonly model: string;
  readonly calls: number;
  readonly input: number;
  readonly output: number;
  readonly cost: number;
  readonly unpriced: number;
}

/** Newest day first; whatever a model was asked for counts together. */
function byDayAndModel(sums: readonly UsageSum[]): UsageRow[] {
  const rows = new Map<string, UsageRow>();
  for (const { day, model, calls, tokens, known_cost: cost, unpriced_calls: unpriced } of sums) {
    const before = rows.get(`${day} ${model}`);
    rows.set(`${day} ${model}`, {
      day,
      model,
      calls: (before?.calls ?? 0) + calls,
      input: (before?.input ?? 0) + tokens.prompt_tokens,
      output: (before?.output ?? 0) + tokens.completion_tokens,
      cost: (before?.cost ?? 0) + cost,
      unpriced: (before?.unpriced ?? 0) + unpriced,
    });
  }
  const newestFirst = [...rows.values()].toSorted(
    (a, b) => b.day.localeCompare(a.day) || a.model.localeCompare(b.model),
  );
  const days = [...new Set(newestFirst.map(({ day }) => day))].slice(0, daysShown);
  return newestFirst.filter(({ day }) => days.includes(day));
}

/** What is not known is never shown as nothing. */
function costWords({ cost, unpriced }: UsageRow): string {
  const known = cost > 0 && cost < 0.01 ? "< $0.01" : `$${cost.toFixed(2)}`;
  if (unpriced === 0) return known;
  return cost === 0 ? "unknown" : `${known} and ${unpriced} unknown`;
}
