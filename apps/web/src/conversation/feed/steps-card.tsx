import { ChevronRight, FileText, ListChecks, Pencil, Search, Terminal, Wrench } from "lucide-react";
import { memo, useId, useState } from "react";
import { useStore } from "zustand";
import { useServices } from "../../app/services.ts";
import { classNames } from "../../components/class-names.ts";
import { Elapsed } from "../../components/elapsed.tsx";
import { useConversationId } from "../conversation-id.ts";
import { describeStep } from "./describe-step.ts";
import type { StepIcon, StepLine } from "./step-line.ts";
import { sameSteps, type Step } from "./feed-items.ts";
import { StepBody } from "./step-body.tsx";

/** Consecutive steps, a line each. A step that failed or runs is open, the others open on a click. */
export const StepsCard = memo(
  function StepsCard({ steps }: { steps: readonly Step[] }) {
    return (
      <div className="arrive overflow-hidden rounded-card border border-line bg-panel">
        {steps.map((step) => (
          <StepRow key={step.action.id} step={step} />
        ))}
      </div>
    );
  },
  (before, after) => sameSteps(before.steps, after.steps),
);

const icons = {
  command: Terminal,
  view: FileText,
  edit: Pencil,
  search: Search,
  tasks: ListChecks,
  tool: Wrench,
} satisfies Record<StepIcon, typeof Wrench>;

function StepRow({ step }: { step: Step }) {
  const line = describeStep(step);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? line.state !== "done";
  const body = useId();
  const Icon = icons[line.icon];
  return (
    <div className="border-line not-first:border-t">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={body}
        onClick={() => setChosen(!open)}
        className="flex w-full items-center gap-2 px-2.5 py-[7px] text-left text-row text-mute hover:bg-[color-mix(in_srgb,var(--raise)_60%,transparent)] focus-visible:outline-offset-[-2px]"
      >
        <ChevronRight
          aria-hidden
          className={classNames(
            "size-3.5 shrink-0 text-faint transition-transform duration-150",
            open && "rotate-90",
          )}
        />
        <Icon aria-hidden className="size-3.5 shrink-0 text-faint" />
        <span className="min-w-0 truncate font-mono text-code text-ink">{line.subject}</span>
        {line.note ? <span className="shrink-0 @max-lg:hidden">{line.note}</span> : null}
        <StepResult line={line} since={step.action.timestamp} />
      </button>
      <div id={body}>{open ? <StepBody step={step} /> : null}</div>
    </div>
  );
}

/** Of a step that has no result: it runs, or it waits for the person. */
function OpenWord({ since }: { since: string }) {
  const { sessions } = useServices();
  const { store } = sessions.get(useConversationId());
  const waits = useStore(store, ({ info }) => info?.execution_status === "waiting_for_confirmation");
  return (
    <span
      className={classNames(
        "ml-auto flex items-center gap-1.5 pl-2 text-[12px] whitespace-nowrap",
        waits ? "text-warn" : "text-accent",
      )}
    >
      {waits ? "asks" : "running"} <Elapsed since={since} />
    </span>
  );
}

function StepResult({ line, since }: { line: StepLine; since: string }) {
  if (line.state === "running") {
    return <OpenWord since={since} />;
  }
  const words = [line.result, line.time].filter((word) => word !== "").join(" · ");
  return (
    <span
      className={classNames(
        "ml-auto flex gap-1.5 pl-2 text-[12px] whitespace-nowrap tabular-nums",
        line.state === "failed" ? "text-bad" : "text-faint",
      )}
    >
      {line.changes ? (
        <>
          <span className="text-addt">+{line.changes.added}</span>
          {line.changes.removed > 0 ? <span className="text-delt">−{line.changes.removed}</span> : null}
        </>
      ) : null}
      <span className={classNames(line.changes && "max-sm:hidden")}>{words}</span>
    </span>
  );
}
