import type { ComponentProps } from "react";
import { classNames } from "../class-names.ts";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return (
    <input
      className={classNames(
        "h-[34px] w-full min-w-0 rounded-lg border border-line bg-bg px-2.5 text-row text-ink placeholder:text-faint disabled:opacity-60 max-md:text-[16px]",
        className,
      )}
      {...props}
    />
  );
}
