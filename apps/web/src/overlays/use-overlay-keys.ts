import { useEffect } from "react";
import type { OverlayStore } from "../app/overlay-store.ts";

/** ⌘K or Ctrl+K anywhere; `?` where nothing is being written. */
export function useOverlayKeys(overlays: OverlayStore): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      // in a terminal Ctrl+K belongs to the shell
      const command = event.metaKey || (event.ctrlKey && !isTerminal(event.target));
      if (command && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        return overlays.setState(({ open }) => ({ open: open === "palette" ? null : "palette" }));
      }
      if (event.key !== "?" || command || isField(event.target)) return;
      event.preventDefault();
      overlays.setState({ open: "keys" });
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [overlays]);
}

const isTerminal = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest(".xterm") !== null;

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, .xterm") !== null;
}
