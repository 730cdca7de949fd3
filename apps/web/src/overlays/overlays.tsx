import { useStore } from "zustand";
import { useServices } from "../app/services.ts";
import { KeysHelp } from "./keys-help.tsx";
import { ModelDialog } from "./model-dialog.tsx";
import { Palette } from "./palette.tsx";
import { useOverlayKeys } from "./use-overlay-keys.ts";

/** What lies over the page, and the keys that call it. */
export function Overlays() {
  const { overlays } = useServices();
  useOverlayKeys(overlays);
  const open = useStore(overlays, (state) => state.open);
  const close = (): void => overlays.setState({ open: null });
  switch (open) {
    case "palette":
      return <Palette onClose={close} />;
    case "keys":
      return <KeysHelp onClose={close} />;
    case "model":
      return <ModelDialog onClose={close} />;
    case null:
      return null;
  }
}
