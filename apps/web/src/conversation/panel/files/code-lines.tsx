import type { ReactNode } from "react";

/** Code with the number of each line beside it; lines are not broken. @param text what `children` draw, for the count */
export function CodeLines({ text, children }: { text: string; children: ReactNode }) {
  const count = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  const numbers = Array.from({ length: count }, (_, index) => index + 1).join("\n");
  return (
    <div className="flex w-max min-w-full py-2 font-mono text-code leading-[1.65]">
      <pre
        aria-hidden
        className="sticky left-0 shrink-0 bg-term pr-3 pl-3.5 text-right text-faint tabular-nums select-none"
      >
        {numbers}
      </pre>
      <pre className="code pr-3.5 text-ink" data-testid="file-text">
        {children}
      </pre>
    </div>
  );
}
