import { ChevronRight } from "lucide-react";
import { memo, useState } from "react";
import { classNames } from "../../components/class-names.ts";

interface ReasoningLineProps {
  readonly text: string;
  /** it is being written now */
  readonly live?: boolean;
}

/** What it thought: one dim line that opens. While it thinks, the line shows the newest words. */
export const ReasoningLine = memo(function ReasoningLine({ text, live = false }: ReasoningLineProps) {
  const [open, setOpen] = useState(false);
  const trimmed = text.trim();
  const glance = live ? (trimmed.split("\n").at(-1) ?? "") : (trimmed.split("\n", 1)[0] ?? "");
  return (
    <div className="text-row text-faint">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-1.5 rounded-md text-left hover:text-mute"
      >
        <ChevronRight
          aria-hidden
          className={classNames("size-3.5 shrink-0 transition-transform duration-150", open && "rotate-90")}
        />
        <span className="shrink-0">{live ? "Thinking" : "Thought"}</span>
        {open ? null : <span className="min-w-0 truncate italic">{glance}</span>}
      </button>
      {open ? (
        <p className="mt-1 ml-[7px] border-l border-line pl-3.5 whitespace-pre-wrap text-mute wrap-anywhere">
          {trimmed}
        </p>
      ) : null}
    </div>
  );
});
