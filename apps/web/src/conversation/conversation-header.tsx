import type { SandboxState } from "@openhands/protocol";
import { Box, ChevronDown } from "lucide-react";
import { useStore } from "zustand";
import { ColumnToggle } from "../app/column-toggle.tsx";
import { useServices } from "../app/services.ts";
import { StatusDot } from "../components/status-dot.tsx";
import { costWords } from "../format/cost.ts";
import { modelWord } from "../format/model-word.ts";
import { ContextFilled } from "./context-filled.tsx";
import type { ConversationSession } from "./conversation-session.ts";
import { ConversationTitle } from "./conversation-title.tsx";
import { StatusTime } from "./status-time.tsx";
import { sandboxWords } from "./status-words.ts";
import { useStatus } from "./use-status.ts";

/** Title, what is happening, sandbox, model and cost. Where it is narrow, the title has a row of its own. */
export function ConversationHeader({ session }: { session: ConversationSession }) {
  return (
    <header className="grid shrink-0 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2.5 border-b border-line px-4 @xl:h-12 @xl:grid-cols-[auto_minmax(72px,1fr)_auto_auto]">
      <ColumnToggle column="list" />
      <ConversationTitle session={session} />
      <div className="flex min-w-0 items-center gap-x-3.5 overflow-hidden text-small whitespace-nowrap text-mute @max-xl:order-last @max-xl:col-span-3 @max-xl:-mt-1 @max-xl:pb-2">
        <StatusPill session={session} />
        <SandboxPill session={session} />
        <ModelAndCost session={session} />
      </div>
      <ColumnToggle column="panel" />
    </header>
  );
}

function StatusPill({ session }: { session: ConversationSession }) {
  const status = useStatus(session);
  const executionStatus = useStore(session.store, (view) => view.info?.execution_status);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <StatusDot tone={status.tone} className="mx-[3px]" />
      <span
        role="status"
        data-testid="execution-status"
        data-status={executionStatus}
        className="max-w-64 min-w-0 truncate"
        title={status.words}
      >
        {status.words}
      </span>
      <StatusTime status={status} />
    </span>
  );
}

/** The sandbox, in words while it is on its way or in trouble; else one small sign. */
function SandboxPill({ session }: { session: ConversationSession }) {
  const sandbox = useStore(session.store, (view) => view.info?.sandbox);
  const status = useStatus(session);
  if (!sandbox) return null;
  const words = sandboxWords(sandbox);
  const quiet = sandbox.status === "ready" || sandbox.status === "none";
  const told = quiet || words === status.words;
  return (
    <span
      data-testid="sandbox-status"
      data-status={sandbox.status}
      title={sandboxTitle(sandbox)}
      className={
        sandbox.status === "error" ? "flex items-center gap-1.5 text-bad" : "flex items-center gap-1.5"
      }
    >
      <Box aria-hidden className={sandbox.status === "ready" ? "size-3.5 text-ok" : "size-3.5 text-faint"} />
      <span className={told ? "sr-only" : "max-w-56 truncate"}>{words}</span>
    </span>
  );
}

function sandboxTitle(sandbox: SandboxState): string {
  const kind = sandbox.runtime ? ` (${sandbox.runtime})` : "";
  const way = sandbox.status === "suspended" ? ". The next message wakes it; its files are kept" : "";
  return sandboxWords(sandbox) + kind + way;
}

function ModelAndCost({ session }: { session: ConversationSession }) {
  const { overlays } = useServices();
  const model = useStore(session.store, (view) => view.info?.llm_model);
  const stats = useStore(session.store, (view) => view.info?.stats);
  const cost = stats ? costWords(stats) : null;
  return (
    <>
      {model ? (
        <button
          type="button"
          data-testid="header-model"
          title={`${model} (click to go on with another)`}
          onClick={() => overlays.setState({ open: "model" })}
          className="flex max-w-40 min-w-0 items-center gap-1 rounded-md hover:text-ink"
        >
          <span className="truncate">{modelWord(model)}</span>
          <ChevronDown aria-hidden className="size-3 shrink-0 text-faint" />
        </button>
      ) : null}
      <ContextFilled session={session} />
      {cost ? (
        <span
          data-testid="cost"
          className="tabular-nums"
          title="What the model calls of this conversation cost"
        >
          {cost}
        </span>
      ) : null}
    </>
  );
}
