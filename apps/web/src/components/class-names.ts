import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({
  extend: { classGroups: { "font-size": [{ text: ["code", "small", "base", "row"] }] } },
});

/** Joins classes; of two that set the same thing, the later one counts. */
export function classNames(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
