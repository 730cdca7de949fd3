import type { ConversationInfo } from "@openhands/protocol";
import { X } from "lucide-react";
import { useRestoreConversation } from "../app/queries.ts";
import { Button } from "../components/ui/button.tsx";
import { titleOf } from "./list-groups.ts";

interface RemovedNoticeProps {
  readonly info: ConversationInfo;
  readonly onDone: () => void;
}

/** The way back for who deleted the wrong one. */
export function RemovedNotice({ info, onDone }: RemovedNoticeProps) {
  const restore = useRestoreConversation();
  return (
    <div
      role="status"
      data-testid="removed-notice"
      className="arrive mb-1 flex items-center gap-2 rounded-lg border border-line bg-raise py-1.5 pr-1.5 pl-2.5 text-small"
    >
      <span className="min-w-0 flex-1 truncate" title={titleOf(info)}>
        {restore.isError ? restore.error.message : `Deleted “${titleOf(info)}”`}
      </span>
      <Button
        size="small"
        data-testid="undo-remove"
        disabled={restore.isPending}
        onClick={() => restore.mutate(info.id, { onSuccess: onDone })}
      >
        Undo
      </Button>
      <button
        type="button"
        aria-label="Hide this"
        className="rounded-md text-faint hover:text-ink"
        onClick={onDone}
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </div>
  );
}
