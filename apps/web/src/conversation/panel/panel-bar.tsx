import { RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../../components/ui/button.tsx";

interface PanelBarProps {
  /** what is shown, at the left */
  readonly title: ReactNode;
  readonly onRefresh: () => void;
  readonly children?: ReactNode;
}

/** The row over what a tab shows: what it is, and what can be done with all of it. */
export function PanelBar({ title, onRefresh, children }: PanelBarProps) {
  return (
    <div className="flex h-10 shrink-0 items-center gap-1 border-b border-line pr-1.5 pl-3.5 text-small text-mute">
      <div className="min-w-0 flex-1 truncate">{title}</div>
      {children}
      <Button look="ghost" size="icon" aria-label="Look again" title="Look again" onClick={onRefresh}>
        <RefreshCw aria-hidden className="size-3.5" />
      </Button>
    </div>
  );
}
