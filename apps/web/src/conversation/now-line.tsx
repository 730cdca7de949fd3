import { useStore } from "zustand";
import { StatusDot } from "../components/status-dot.tsx";
import type { ConversationSession } from "./conversation-session.ts";
import { StatusTime } from "./status-time.tsx";
import { useStatus } from "./use-status.ts";

/** At the end of a running conversation: what it waits for, while nothing else there shows it. */
export function NowLine({ session }: { session: ConversationSession }) {
  const status = useStatus(session);
  const running = useStore(session.store, (view) => view.info?.execution_status === "running");
  const writing = useStore(session.store, ({ streaming }) => streaming.content + streaming.reasoning !== "");
  const sandbox = useStore(session.store, (view) => view.info?.sandbox);
  const stepRuns = useStore(session.store, (view) => view.folded.openActions.size > 0);
  // A step that runs shows it on its own line, unless it is the sandbox that is waited for.
  const told = stepRuns && sandbox?.status === "ready";
  if (!running || writing || told) return null;
  const progress = typeof sandbox?.progress === "number" ? sandbox.progress : null;
  return (
    <div className="flex flex-col gap-1.5 text-row text-mute" data-testid="now-line">
      <p className="flex items-start gap-2.5">
        <StatusDot tone="now" className="mt-[6px]" />
        <span className="min-w-0 wrap-anywhere">{status.words}</span>
        <StatusTime status={status} />
      </p>
      {progress === null ? null : (
        <div
          role="progressbar"
          aria-label={status.words}
          aria-valuenow={Math.round(progress)}
          className="ml-[18px] h-1 max-w-60 overflow-hidden rounded-full bg-line"
        >
          <div
            className="h-full bg-accent transition-[width] duration-150"
            style={{ width: `${progress}%` }}
          />
        </div>
      )}
    </div>
  );
}
