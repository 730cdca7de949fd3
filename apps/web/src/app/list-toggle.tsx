import { PanelLeft } from "lucide-react";
import { useStore } from "zustand";
import { Button } from "../components/ui/button.tsx";
import { useServices } from "./services.ts";

/** Folds the list of conversations away and back. Stands at the left of every page's header. */
export function ListToggle() {
  const { layout } = useServices();
  const open = useStore(layout, (state) => state.listOpen);
  return (
    <Button
      look="ghost"
      size="icon"
      aria-label={open ? "Hide conversations" : "Show conversations"}
      aria-expanded={open}
      className="-ml-1.5"
      onClick={() => layout.setState({ listOpen: !open })}
    >
      <PanelLeft aria-hidden className="size-4" />
    </Button>
  );
}
