import { useState } from "react";
import { classNames } from "../../../components/class-names.ts";
import { Button } from "../../../components/ui/button.tsx";
import { visibleText } from "../../../format/visible-text.ts";
import type { Diff, DiffLine } from "./diff-hunks.ts";

/** Lines that are drawn before more are asked for. */
const drawnLines = 600;

const looks: Readonly<Record<DiffLine["type"], string>> = {
  same: "text-mute",
  added: "bg-add text-ink",
  removed: "bg-del text-ink",
};
const signs: Readonly<Record<DiffLine["type"], string>> = { same: " ", added: "+", removed: "−" };

/** The changed lines of one file, in hunks. */
export function DiffView({ diff }: { diff: Diff }) {
  const [limit, setLimit] = useState(drawnLines);
  const all = diff.hunks.reduce((sum, lines) => sum + lines.length, 0);
  let left = limit;
  return (
    <div
      className="overflow-x-auto border-t border-line bg-term font-mono text-code leading-[1.65]"
      data-testid="diff"
    >
      <div className="w-max min-w-full">
        {diff.hunks.map((lines) => {
          const drawn = lines.slice(0, Math.max(0, left));
          left -= lines.length;
          return drawn.length === 0 ? null : <Hunk key={hunkKey(lines)} lines={drawn} />;
        })}
      </div>
      {all > limit ? (
        <div className="p-2">
          <Button size="small" className="font-sans" onClick={() => setLimit(limit * 4)}>
            Show {Math.min(all - limit, limit * 3)} more lines
          </Button>
        </div>
      ) : null}
    </div>
  );
}

const hunkKey = ([first]: readonly DiffLine[]): string => `${first?.before ?? "-"}:${first?.after ?? "-"}`;

function Hunk({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <div className="border-line not-first:mt-1.5 not-first:border-t not-first:border-dashed not-first:pt-1.5">
      {lines.map((line) => (
        <div key={`${line.before}:${line.after}`} className={classNames("flex", looks[line.type])}>
          <span className="w-11 shrink-0 pr-2.5 text-right text-faint select-none">{line.before}</span>
          <span className="w-11 shrink-0 pr-2.5 text-right text-faint select-none">{line.after}</span>
          <span className="w-4 shrink-0 text-faint">{signs[line.type]}</span>
          <span className="pr-3 whitespace-pre">{visibleText(line.text)}</span>
        </div>
      ))}
    </div>
  );
}
