import type { StoredEvent } from "@openhands/protocol";
import { memo, useState } from "react";
import { FoldButton } from "../../../components/fold-button.tsx";
import { clockTime } from "../../../format/when.ts";
import { eventGlance } from "./event-glance.ts";

/** Any event, whatever its kind: a line that opens to its JSON. */
export const RawEvent = memo(function RawEvent({ event }: { event: StoredEvent }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="border-line not-first:border-t">
      <FoldButton
        open={open}
        onToggle={() => setOpen(!open)}
        className="w-full px-3 py-1.5 text-small text-mute hover:bg-[color-mix(in_srgb,var(--raise)_60%,transparent)] focus-visible:outline-offset-[-2px]"
      >
        <span className="w-9 shrink-0 text-right font-mono text-[11.5px] text-faint tabular-nums">
          {event.seq}
        </span>
        <span className="shrink-0 font-mono text-ink">{event.kind}</span>
        <span className="min-w-0 flex-1 truncate text-faint">{eventGlance(event)}</span>
        <span className="shrink-0 text-[11.5px] text-faint tabular-nums">{clockTime(event.timestamp)}</span>
      </FoldButton>
      {open ? (
        <pre className="overflow-x-auto border-t border-line bg-term px-3 py-2 font-mono text-code text-mute">
          {JSON.stringify(event, null, 2)}
        </pre>
      ) : null}
    </div>
  );
});
