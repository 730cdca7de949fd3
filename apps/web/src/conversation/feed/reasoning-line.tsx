import { memo, useState } from "react";
import { FoldButton } from "../../components/fold-button.tsx";

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
      <FoldButton
        open={open}
        onToggle={() => setOpen(!open)}
        className="w-full gap-1.5 rounded-md hover:text-mute"
      >
        <span className="shrink-0">{live ? "Thinking" : "Thought"}</span>
        {open ? null : <span className="min-w-0 truncate italic">{glance}</span>}
      </FoldButton>
      {open ? (
        <p className="mt-1 ml-[7px] border-l border-line pl-3.5 whitespace-pre-wrap text-mute wrap-anywhere">
          {trimmed}
        </p>
      ) : null}
    </div>
  );
});
