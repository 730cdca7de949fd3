import type { ReactNode } from "react";
import { classNames } from "../class-names.ts";

interface OptionRowProps {
  /** named by `aria-activedescendant` of the field that has the focus */
  readonly id: string;
  readonly selected: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}

/** One of a list of choices below or above a field. The focus stays in the field, whose keys choose as well. */
export function OptionRow({ id, selected, onChoose, children }: OptionRowProps) {
  return (
    <li
      id={id}
      role="option"
      aria-selected={selected}
      ref={selected ? (row) => row?.scrollIntoView({ block: "nearest" }) : undefined}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      className={classNames(
        "flex w-full cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 text-row text-mute hover:bg-raise max-md:py-2.5",
        selected && "bg-raise text-ink",
      )}
    >
      {children}
    </li>
  );
}
