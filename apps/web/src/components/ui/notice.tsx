import type { ComponentProps, ReactNode } from "react";
import { classNames } from "../class-names.ts";
import { type DotTone, StatusDot } from "../status-dot.tsx";

interface NoticeProps extends Omit<ComponentProps<"section">, "title"> {
  readonly tone: DotTone;
  readonly title: ReactNode;
  /** buttons: what to do next */
  readonly actions?: ReactNode;
}

const edges: Readonly<Partial<Record<DotTone, string>>> = {
  bad: "border-[color-mix(in_srgb,var(--bad)_45%,var(--line))] bg-[color-mix(in_srgb,var(--bad)_5%,var(--panel))]",
  wait: "border-[color-mix(in_srgb,var(--warn)_45%,var(--line))] bg-[color-mix(in_srgb,var(--warn)_5%,var(--panel))]",
};

/** A card that wants attention: what is the matter, and what to do about it. */
export function Notice({ tone, title, actions, className, children, ...props }: NoticeProps) {
  return (
    <section
      className={classNames("arrive rounded-card border border-line bg-panel", edges[tone], className)}
      {...props}
    >
      <div className="flex items-start gap-2.5 px-3 py-2.5 text-row">
        <StatusDot tone={tone} className="mt-[6px]" />
        <div className="min-w-0 flex-1 wrap-anywhere">
          <p className="font-semibold text-ink">{title}</p>
          {children}
        </div>
      </div>
      {actions ? <div className="flex flex-wrap gap-2 px-3 pb-3">{actions}</div> : null}
    </section>
  );
}
