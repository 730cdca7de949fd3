import { useState } from "react";
import { clipLines } from "../conversation/feed/clip-lines.ts";
import { classNames } from "./class-names.ts";

interface OutputTextProps {
  readonly text: string;
  readonly headLines?: number;
  readonly tailLines?: number;
  readonly className?: string;
}

/** Output as it was printed, long lines broken as a terminal does. Of a long one only head and tail are drawn until the rest is asked for. */
export function OutputText({ text, headLines = 8, tailLines = 16, className }: OutputTextProps) {
  const [whole, setWhole] = useState(false);
  const clipped = whole ? { head: text, hidden: 0, tail: "" } : clipLines(text, headLines, tailLines);
  return (
    <div className={classNames("font-mono text-code whitespace-pre-wrap text-mute wrap-anywhere", className)}>
      <pre className="whitespace-pre-wrap">{clipped.head}</pre>
      {clipped.hidden > 0 ? (
        <>
          <button
            type="button"
            onClick={() => setWhole(true)}
            className="my-1 rounded-md border border-line bg-panel px-2 py-0.5 font-sans text-small text-mute hover:text-ink"
          >
            Show {clipped.hidden} more lines
          </button>
          <pre className="whitespace-pre-wrap">{clipped.tail}</pre>
        </>
      ) : null}
    </div>
  );
}
