import { FileText, ListChecks, Pencil, Search, Terminal, Wrench } from "lucide-react";
import { memo, useId, useState } from "react";
import { useStore } from "zustand";
import { useServices } from "../../app/services.ts";
import { classNames } from "../../components/class-names.ts";
import { Elapsed } from "../../components/elapsed.tsx";
import { FoldButton } from "../../components/fold-button.tsx";
import { useConversationId } from "../conversation-id.ts";
import { openStep, openStepWords } from "../open-step.ts";
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

const StepRow = memo(
  function StepRow({ step }: { step: Step }) {
    const line = describeStep(step);
    const [chosen, setChosen] = useState<boolean | null>(null);
    const open = chosen ?? line.state !== "done";
    const body = useId();
    const Icon = icons[line.icon];
    return (
      <div className="border-line not-first:border-t">
        <FoldButton
          open={open}
          onToggle={() => setChosen(!open)}
          aria-controls={body}
          className="w-full px-2.5 py-[7px] text-row text-mute hover:bg-[color-mix(in_srgb,var(--raise)_60%,transparent)] focus-visible:outline-offset-[-2px]"
        >
          <Icon aria-hidden className="size-3.5 shrink-0 text-faint" />
          <span className="min-w-0 truncate font-mono text-code text-ink">{line.subject}</span>
          {line.note ? <span className="shrink-0 @max-lg:hidden">{line.note}</span> : null}
          <StepResult line={line} action={step.action} />
        </FoldButton>
        <div id={body}>{open ? <StepBody step={step} /> : null}</div>
      </div>
    );
  },
  (before, after) => sameSteps([before.step], [after.step]),
);

/** Of a step that has no result: where it is, and since when. */
function OpenWord({ action: { id, timestamp } }: { action: Step["action"] }) {
  const { sessions } = useServices();
  const { store } = sessions.get(useConversationId());
  const state = useStore(store, (view) => openStep(view, id));
  return (
    <span
      data-testid="open-step"
      className={classNames(
        "ml-auto flex items-center gap-1.5 pl-2 text-[12px] whitespace-nowrap text-faint",
        state === "asks" && "text-warn",
        state === "runs" && "text-accent",
      )}
    >
      {openStepWords[state]} <Elapsed since={timestamp} />
    </span>
  );
}

function StepResult({ line, action }: { line: StepLine; action: Step["action"] }) {
  if (line.state === "running") return <OpenWord action={action} />;
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
