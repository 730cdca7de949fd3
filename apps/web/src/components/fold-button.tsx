import { ChevronRight } from "lucide-react";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

interface FoldButtonProps extends ComponentProps<"button"> {
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** Opens and closes what is below it: a chevron that turns, and behind it what it is given. */
export function FoldButton({ open, onToggle, className, children, ...props }: FoldButtonProps) {
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onToggle}
      className={classNames("flex items-center gap-2 text-left", className)}
      {...props}
    >
      <ChevronRight
        aria-hidden
        className={classNames(
          "size-3.5 shrink-0 text-faint transition-transform duration-150",
          open && "rotate-90",
        )}
      />
      {children}
    </button>
  );
}
