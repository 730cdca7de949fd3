import type { KeyboardEvent, ReactNode } from "react";
import { classNames } from "../class-names.ts";

export interface Tab<Name extends string> {
  readonly name: Name;
  readonly title: string;
  /** a few characters behind the title */
  readonly note?: ReactNode;
}

interface TabsProps<Name extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Name>[];
  readonly selected: Name;
  readonly onSelect: (name: Name) => void;
}

/** The row of tabs; arrow keys go from one to the next. The panel has the id `panel-{name}`. */
export function Tabs<Name extends string>(props: TabsProps<Name>) {
  const { tabs, selected, onSelect } = props;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const index = tabs.findIndex((tab) => tab.name === selected);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (!next) return;
    onSelect(next.name);
    document.getElementById(`tab-${next.name}`)?.focus();
  };
  return (
    <div
      role="tablist"
      aria-label={props.label}
      onKeyDown={onKeyDown}
      className="-my-1 flex min-w-0 items-center gap-0.5 overflow-x-auto py-1 [scrollbar-width:none]"
    >
      {tabs.map((tab) => (
        <button
          key={tab.name}
          id={`tab-${tab.name}`}
          type="button"
          role="tab"
          aria-selected={tab.name === selected}
          aria-controls={`panel-${tab.name}`}
          tabIndex={tab.name === selected ? 0 : -1}
          onClick={() => onSelect(tab.name)}
          className={classNames(
            "shrink-0 rounded-[7px] px-2.5 py-1 text-row text-mute transition-colors hover:text-ink",
            tab.name === selected && "bg-raise text-ink",
          )}
        >
          {tab.title} {tab.note}
        </button>
      ))}
    </div>
  );
}
