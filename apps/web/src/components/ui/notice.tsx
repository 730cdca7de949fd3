import type { ComponentProps, ReactNode } from "react";
import { classNames } from "../class-names.ts";
import { type DotTone, StatusDot } from "../status-dot.tsx";

interface NoticeProps extends Omit<ComponentProps<"section">, "title"> {
  readonly tone: DotTone;
  readonly title: ReactNode;
  /** buttons: what to do next */
  readonly actions?: ReactNode;
  /** one line with the actions at its end, where there is room */
  readonly compact?: boolean;
}

const edges: Readonly<Partial<Record<DotTone, string>>> = {
  bad: "border-[color-mix(in_srgb,var(--bad)_45%,var(--line))] bg-[color-mix(in_srgb,var(--bad)_5%,var(--panel))]",
  wait: "border-[color-mix(in_srgb,var(--warn)_45%,var(--line))] bg-[color-mix(in_srgb,var(--warn)_5%,var(--panel))]",
};

/** A card that wants attention: what is the matter, and what to do about it. */
export function Notice(notice: NoticeProps) {
  const { tone, title, actions, compact = false, className, children, ...props } = notice;
  return (
    <section
      className={classNames(
        "arrive rounded-card border border-line bg-panel",
        compact && "@md:flex @md:items-center",
        edges[tone],
        className,
      )}
      {...props}
    >
      <div className="flex flex-1 items-start gap-2.5 px-3 py-2.5 text-row">
        <StatusDot tone={tone} className="mt-[6px]" />
        <div className={classNames("min-w-0 flex-1 wrap-anywhere", compact && "@md:flex @md:gap-2.5")}>
          <p className="font-semibold text-ink">{title}</p>
          {children}
        </div>
      </div>
      {actions ? (
        <div className={classNames("flex flex-wrap gap-2 px-3 pb-3", compact && "@md:pb-0 @md:pl-0")}>
          {actions}
        </div>
      ) : null}
    </section>
  );
}
