import type { ComponentProps } from "react";
import { classNames } from "../class-names.ts";

/** Grows with its text up to its `max-height`. */
export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      className={classNames(
        "field-sizing-content w-full resize-none bg-transparent text-base text-ink placeholder:text-faint focus-visible:outline-none max-md:text-[16px]",
        className,
      )}
      {...props}
    />
  );
}
