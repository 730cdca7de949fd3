import type { GitChange, GitDiff } from "@openhands/protocol";
import { Undo2 } from "lucide-react";
import { useId, useMemo, useState } from "react";
import { classNames } from "../../../components/class-names.ts";
import { FoldButton } from "../../../components/fold-button.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { visibleText } from "../../../format/visible-text.ts";
import { TabFailure } from "../tab-failure.tsx";
import { useDiff, useRevert } from "../workspace-queries.ts";
import { diffOf } from "./diff-hunks.ts";
import { DiffView } from "./diff-view.tsx";

interface ChangedFileProps {
  readonly id: string;
  readonly change: GitChange;
  /** what it is compared with */
  readonly base: string | undefined;
  readonly startsOpen: boolean;
}

const letters = {
  ADDED: { letter: "A", word: "added", look: "text-ok" },
  UPDATED: { letter: "M", word: "changed", look: "text-warn" },
  DELETED: { letter: "D", word: "deleted", look: "text-bad" },
  MOVED: { letter: "R", word: "moved", look: "text-warn" },
} as const;

/** One file: what happened to it, its lines that differ, and the way back. */
export function ChangedFile({ id, change, base, startsOpen }: ChangedFileProps) {
  const [open, setOpen] = useState(startsOpen);
  const [asking, setAsking] = useState(false);
  const diff = useDiff(id, change.path, { ref: base, enabled: open });
  const shown = useMemo(() => shownDiff(diff.data), [diff.data]);
  const body = useId();
  const { letter, word, look } = letters[change.status];
  return (
    <section className="border-b border-line" aria-label={change.path} data-testid="changed-file">
      <div className="flex items-center pr-1.5">
        <FoldButton
          open={open}
          onToggle={() => setOpen(!open)}
          aria-controls={body}
          className="min-w-0 flex-1 py-2 pl-2.5 font-mono text-code hover:bg-raise focus-visible:outline-offset-[-2px]"
        >
          <span className={classNames("shrink-0", look)} title={word}>
            <span aria-hidden>{letter}</span>
            <span className="sr-only">{word}</span>
          </span>
          <span className="min-w-0 truncate text-ink" title={change.path}>
            {change.original_path ? (
              <span className="text-faint">{visibleText(change.original_path)} → </span>
            ) : null}
            {visibleText(change.path)}
          </span>
          {shown ? (
            <span className="ml-auto flex shrink-0 gap-2 pl-2">
              {shown.added > 0 ? <span className="text-addt">+{shown.added}</span> : null}
              {shown.removed > 0 ? <span className="text-delt">−{shown.removed}</span> : null}
            </span>
          ) : null}
        </FoldButton>
        <Button
          look="ghost"
          size="icon"
          aria-label={`Revert ${change.path}`}
          title="Put this file back"
          onClick={() => setAsking(true)}
        >
          <Undo2 aria-hidden className="size-3.5" />
        </Button>
      </div>
      {asking ? <RevertQuestion id={id} change={change} base={base} onDone={() => setAsking(false)} /> : null}
      <div id={body}>
        {open && diff.isError ? <TabFailure error={diff.error} onRetry={() => void diff.refetch()} /> : null}
        {open && diff.data ? <DiffBody data={diff.data} shown={shown} /> : null}
      </div>
    </section>
  );
}

function shownDiff(data: GitDiff | undefined) {
  if (!data || data.hidden !== null) return null;
  return diffOf(data.original ?? "", data.modified ?? "");
}

const hiddenWords = {
  binary: "No text, so there are no lines to compare.",
  large: "Too long to be compared here.",
} as const;

function DiffBody({ data, shown }: { data: GitDiff; shown: ReturnType<typeof shownDiff> }) {
  const words = data.hidden
    ? hiddenWords[data.hidden]
    : shown?.hunks.length === 0
      ? "Its content is the same."
      : null;
  if (words !== null)
    return <p className="border-t border-line px-3.5 py-2 text-small text-faint">{words}</p>;
  return shown ? <DiffView diff={shown} /> : null;
}

interface RevertQuestionProps {
  readonly id: string;
  readonly change: GitChange;
  readonly base: string | undefined;
  readonly onDone: () => void;
}

function RevertQuestion({ id, change, base, onDone }: RevertQuestionProps) {
  const revert = useRevert(id);
  const what =
    change.status === "ADDED"
      ? "Delete this new file? It is kept nowhere else."
      : "Put this file back? What changed in it is lost.";
  return (
    <div
      role="alert"
      className="arrive flex flex-wrap items-center gap-2 border-t border-line bg-raise px-3.5 py-2 text-small"
    >
      <span className="min-w-0 flex-1 basis-52">{what}</span>
      <Button
        autoFocus
        look="danger"
        size="small"
        data-testid="revert-confirm"
        disabled={revert.isPending}
        onClick={() => revert.mutate({ path: change.path, ref: base }, { onSuccess: onDone })}
      >
        {change.status === "ADDED" ? "Delete" : "Put back"}
      </Button>
      <Button look="ghost" size="small" onClick={onDone}>
        Keep
      </Button>
      {revert.isError ? <p className="w-full text-bad">{revert.error.message}</p> : null}
    </div>
  );
}
