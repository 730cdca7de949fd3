import { PanelLeft, PanelRight } from "lucide-react";
import { useStore } from "zustand";
import { Button } from "../components/ui/button.tsx";
import { useServices } from "./services.ts";

const columns = {
  list: { name: "conversations", field: "listOpen", Icon: PanelLeft, place: "-ml-1.5" },
  panel: { name: "the side panel", field: "panelOpen", Icon: PanelRight, place: "-mr-1.5" },
} as const;

/** Folds a column away and back: the list of conversations at the left of a header, the side panel at its right. */
export function ColumnToggle({ column }: { column: keyof typeof columns }) {
  const { name, field, Icon, place } = columns[column];
  const { layout } = useServices();
  const open = useStore(layout, (state) => state[field]);
  return (
    <Button
      look="ghost"
      size="icon"
      aria-label={`${open ? "Hide" : "Show"} ${name}`}
      aria-expanded={open}
      className={place}
      onClick={() => layout.setState({ [field]: !open })}
    >
      <Icon aria-hidden className="size-4" />
    </Button>
  );
}
