import { Slot } from "@radix-ui/react-slot";
import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { classNames } from "../class-names.ts";

const button = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-lg border font-medium whitespace-nowrap transition-colors duration-150 disabled:text-faint",
  {
    variants: {
      look: {
        plain: "border-line bg-raise text-ink hover:bg-[color-mix(in_srgb,var(--raise),var(--text)_6%)]",
        primary:
          "border-transparent bg-accent text-accent-ink hover:bg-[color-mix(in_srgb,var(--accent),var(--text)_12%)] disabled:border-line disabled:bg-panel disabled:text-faint",
        ghost: "border-transparent text-mute hover:bg-raise hover:text-ink",
        danger: "border-transparent bg-bad text-bg hover:bg-[color-mix(in_srgb,var(--bad),var(--text)_12%)]",
      },
      size: {
        usual: "h-[30px] px-2.5 text-row max-md:h-9 max-md:px-3",
        small: "h-[26px] px-2 text-row",
        icon: "size-[30px] max-md:size-9",
      },
    },
    defaultVariants: { look: "plain", size: "usual" },
  },
);

type ButtonProps = ComponentProps<"button"> & VariantProps<typeof button> & { asChild?: boolean };

/** `asChild`: the look is put on the one child, e.g. a link. */
export function Button({ className, look, size, asChild = false, ...props }: ButtonProps) {
  const Component = asChild ? Slot : "button";
  return (
    <Component
      {...(asChild ? {} : { type: "button" as const })}
      className={classNames(button({ look, size }), className)}
      {...props}
    />
  );
}
