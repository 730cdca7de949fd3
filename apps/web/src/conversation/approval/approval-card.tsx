import type { ConfirmationPolicy } from "@openhands/protocol";
import { type FormEvent, useState } from "react";
import { classNames } from "../../components/class-names.ts";
import { StatusDot } from "../../components/status-dot.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Input } from "../../components/ui/input.tsx";
import { Key } from "../../components/key.tsx";
import { ApprovalAction } from "./approval-action.tsx";
import { approvalWords, type Risk } from "./approval-words.ts";
import type { Approval } from "./use-approval.ts";

interface ApprovalCardProps {
  readonly approval: Approval;
  readonly policy: ConfirmationPolicy;
}

/** Over the composer, so that it is in reach: what exactly is asked, why, and the four answers. */
export function ApprovalCard({ approval, policy }: ApprovalCardProps) {
  const { title, why, risk, riskWords } = approvalWords(approval.actions, policy);
  return (
    <section
      aria-label={title}
      data-testid="approval"
      data-risk={risk}
      data-keys={approval.keysAnswer ? "on" : "off"}
      className="arrive mb-2 flex max-h-[52vh] flex-col overflow-hidden rounded-card border border-[color-mix(in_srgb,var(--warn)_60%,var(--line))] bg-[color-mix(in_srgb,var(--warn)_6%,var(--panel))]"
    >
      <div role="alert" className="flex shrink-0 items-start gap-2.5 px-3 py-2.5 text-row">
        <StatusDot tone="wait" className="mt-[6px]" />
        <p className="min-w-0 flex-1 wrap-anywhere">
          <span className="font-semibold text-ink">{title}</span>{" "}
          <span className="text-mute" data-testid="approval-why">
            {why}
          </span>
        </p>
        <span className={classNames("shrink-0 text-small", riskLook[risk])} data-testid="approval-risk">
          {riskWords}
        </span>
      </div>
      <div className="min-h-0 overflow-y-auto" data-testid="approval-what" tabIndex={0}>
        {approval.actions.map((action) => (
          <ApprovalAction key={action.id} action={action} />
        ))}
      </div>
      {approval.rejecting ? <RejectLine approval={approval} /> : <Answers approval={approval} />}
      {approval.failure ? (
        <p role="alert" className="px-3 pb-2.5 text-small text-bad">
          {approval.failure}
        </p>
      ) : null}
    </section>
  );
}

const riskLook: Readonly<Record<Risk, string>> = {
  LOW: "text-mute",
  MEDIUM: "text-warn",
  UNKNOWN: "text-warn",
  HIGH: "font-semibold text-bad",
};

function Answers({ approval }: { approval: Approval }) {
  const { isPending, allow, startRejecting } = approval;
  return (
    <div className="flex shrink-0 flex-wrap gap-2 border-t border-line px-3 py-2.5">
      <Button
        look="primary"
        data-testid="approval-allow"
        disabled={isPending}
        onClick={() => allow("once")}
        className="max-sm:flex-1"
      >
        Allow <Key look="primary">⏎</Key>
      </Button>
      <Button
        data-testid="approval-allow-conversation"
        title="And what is like it, as long as this conversation lasts"
        disabled={isPending}
        onClick={() => allow("conversation")}
        className="max-sm:order-last max-sm:flex-1"
      >
        Allow in this conversation
      </Button>
      <Button
        data-testid="approval-allow-always"
        title="And what is like it, in every conversation"
        disabled={isPending}
        onClick={() => allow("always")}
        className="max-sm:order-last max-sm:flex-1"
      >
        Always allow
      </Button>
      <Button
        look="ghost"
        data-testid="approval-reject"
        disabled={isPending}
        onClick={startRejecting}
        className="max-sm:flex-1"
      >
        Reject <Key>esc</Key>
      </Button>
    </div>
  );
}

function RejectLine({ approval }: { approval: Approval }) {
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    approval.reject(reason);
  };
  return (
    <form onSubmit={submit} className="flex shrink-0 flex-wrap gap-2 border-t border-line px-3 py-2.5">
      <Input
        autoFocus
        aria-label="Why not"
        data-testid="approval-reason"
        placeholder="Why not? With a reason it goes on; without one it waits for you"
        className="h-[30px] flex-1 basis-60 max-md:h-9"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          approval.stopRejecting();
        }}
      />
      <Button
        type="submit"
        look="primary"
        data-testid="approval-reject-confirm"
        disabled={approval.isPending}
      >
        Reject <Key look="primary">⏎</Key>
      </Button>
      <Button look="ghost" onClick={approval.stopRejecting}>
        Back
      </Button>
    </form>
  );
}
