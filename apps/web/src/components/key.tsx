import { classNames } from "./class-names.ts";

/** The key that does what it stands beside. Left out where there is no keyboard. */
export function Key({ children, look = "plain" }: { children: string; look?: "plain" | "primary" }) {
  return (
    <kbd
      aria-hidden
      className={classNames(
        "text-[11px] font-normal pointer-coarse:hidden",
        look === "primary" ? "opacity-75" : "text-mute",
      )}
    >
      {children}
    </kbd>
  );
}
