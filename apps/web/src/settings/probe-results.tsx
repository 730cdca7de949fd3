import type { ProbeCheck, ProbeReport } from "@openhands/protocol";
import { type DotTone, StatusDot } from "../components/status-dot.tsx";

const tones: Readonly<Record<ProbeCheck["result"], DotTone>> = { good: "good", bad: "bad", unknown: "idle" };

/** What a try of the model found, a sentence each. */
export function ProbeResults({ report }: { report: ProbeReport }) {
  return (
    <ul
      data-testid="probe-results"
      aria-label="What a try of the model found"
      className="flex flex-col gap-1.5"
    >
      {report.checks.map(({ name, result, words }) => (
        <li key={name} data-check={name} data-result={result} className="flex gap-2.5 text-small">
          <StatusDot tone={tones[result]} className="mt-[5px]" />
          <span className="min-w-0 flex-1 text-mute wrap-anywhere">{words}</span>
        </li>
      ))}
    </ul>
  );
}
