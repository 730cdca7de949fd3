import type { ConversationInfo } from "@openhands/protocol";
import { Link, useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { memo, useState } from "react";
import { useRemoveConversation } from "../app/queries.ts";
import { classNames } from "../components/class-names.ts";
import { StatusDot } from "../components/status-dot.tsx";
import { Button } from "../components/ui/button.tsx";
import { rowNote, rowTone, titleOf } from "./list-groups.ts";
import { useNarrowClose } from "./use-narrow-close.ts";

interface ConversationRowProps {
  readonly info: ConversationInfo;
  readonly open: boolean;
  readonly onRemoved: (info: ConversationInfo) => void;
}

export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { info, open } = props;
  const [asking, setAsking] = useState(false);
  const closeWhenNarrow = useNarrowClose();
  if (asking) return <RemoveQuestion {...props} onDone={() => setAsking(false)} />;
  return (
    <li className="group relative">
      <Link
        to="/conversations/$id"
        params={{ id: info.id }}
        onClick={closeWhenNarrow}
        className={classNames(
          "flex items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-row text-mute hover:text-ink",
          open ? "bg-raise text-ink" : "hover:bg-[color-mix(in_srgb,var(--raise)_55%,transparent)]",
        )}
      >
        <StatusDot tone={rowTone(info)} />
        <span className="min-w-0 flex-1 truncate" title={titleOf(info)}>
          {titleOf(info)}
        </span>
        <span className="text-[11.5px] text-faint group-focus-within:invisible group-hover:invisible">
          {rowNote(info, new Date())}
        </span>
      </Link>
      <button
        type="button"
        aria-label={`Delete ${titleOf(info)}`}
        onClick={() => setAsking(true)}
        className="absolute top-1 right-1 flex size-6 items-center justify-center rounded-md text-faint opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:text-bad"
      >
        <Trash2 aria-hidden className="size-3.5" />
      </button>
    </li>
  );
});

function RemoveQuestion(props: ConversationRowProps & { readonly onDone: () => void }) {
  const { info, open, onRemoved, onDone } = props;
  const remove = useRemoveConversation();
  const navigate = useNavigate();
  const confirm = (): void =>
    remove.mutate(info.id, {
      onSuccess: () => {
        onRemoved(info);
        if (open) void navigate({ to: "/" });
      },
    });
  return (
    <li className="my-1 flex flex-col gap-2 rounded-lg border border-line bg-raise p-2.5 text-small">
      <p className="wrap-anywhere">
        Delete “{titleOf(info)}”? Its sandbox goes at once, its log and files to the trash for 24 hours.
      </p>
      {remove.isError ? <p className="text-bad">{remove.error.message}</p> : null}
      <div className="flex gap-2">
        <Button look="danger" size="small" disabled={remove.isPending} onClick={confirm} autoFocus>
          Delete
        </Button>
        <Button look="ghost" size="small" onClick={onDone}>
          Keep
        </Button>
      </div>
    </li>
  );
}
