import { TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { useSystem } from "./queries.ts";

/** What the server has to say to its owner, on every page: settings that were set aside, a vault that is locked. */
export function ServerWarnings() {
  const { data } = useSystem();
  const [seen, setSeen] = useState<readonly string[]>([]);
  // what the runtime itself warns of is said in red, and can't be hidden
  const said = [...seen, ...(data?.runtime.notes ?? [])];
  const shown = data?.warnings.filter((warning) => !said.includes(warning)) ?? [];
  return shown.map((warning) => (
    <p
      key={warning}
      role="alert"
      data-testid="server-warning"
      className="flex shrink-0 items-start gap-2 border-b border-line px-4 py-1.5 text-small text-warn"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0 flex-1 wrap-anywhere">{warning}</span>
      <button
        type="button"
        aria-label="Hide this"
        className="shrink-0 rounded-md hover:text-ink"
        onClick={() => setSeen((before) => [...before, warning])}
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </p>
  ));
}
