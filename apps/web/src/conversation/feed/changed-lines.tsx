import { visibleText } from "../../format/visible-text.ts";

interface ChangedLinesProps {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** lines before the change; null where the place in the file is not known */
  readonly before: number | null;
  /** how many lines are drawn at most */
  readonly limit?: number;
}

const shownLines = 60;

/** What an edit takes out and puts in, with signs and, where they are known, line numbers. */
export function ChangedLines({ removed, added, before, limit = shownLines }: ChangedLinesProps) {
  const rows = [
    ...removed.map((text, index) => ({ sign: "−", text, index, look: "bg-del" })),
    ...added.map((text, index) => ({ sign: "+", text, index, look: "bg-add" })),
  ];
  const hidden = rows.length - limit;
  return (
    <div className="overflow-x-auto border-t border-line bg-term font-mono text-code leading-[1.65]">
      <div className="w-max min-w-full">
        {rows.slice(0, limit).map((row) => (
          <div key={`${row.sign}${row.index}`} className={`flex ${row.look}`}>
            <span className="w-11 shrink-0 pr-2.5 text-right text-faint select-none">
              {before === null ? "" : before + row.index + 1}
            </span>
            <span className="w-4 shrink-0 text-faint">{row.sign}</span>
            <span className="pr-3 whitespace-pre text-ink">{visibleText(row.text.replace(/\r$/, ""))}</span>
          </div>
        ))}
      </div>
      {hidden > 0 ? <p className="px-3 py-1.5 font-sans text-small text-faint">{hidden} more lines</p> : null}
    </div>
  );
}
