import { classNames } from "./class-names.ts";

export type DotTone = "now" | "wait" | "good" | "bad" | "idle";

const tones: Readonly<Record<DotTone, string>> = {
  now: "bg-accent dots-run",
  wait: "bg-warn",
  good: "bg-ok",
  bad: "bg-bad",
  idle: "bg-faint",
};

/** Colour for who sees it; the words beside it say the same. */
export function StatusDot({ tone, className }: { tone: DotTone; className?: string }) {
  return <span aria-hidden className={classNames("size-2 shrink-0 rounded-full", tones[tone], className)} />;
}
