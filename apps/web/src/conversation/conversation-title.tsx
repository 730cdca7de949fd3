import { type FormEvent, useState } from "react";
import { useStore } from "zustand";
import { useRenameConversation } from "../app/queries.ts";
import { Input } from "../components/ui/input.tsx";
import { titleOf } from "../conversations/list-groups.ts";
import type { ConversationSession } from "./conversation-session.ts";

/** The title; a click makes it a field. */
export function ConversationTitle({ session }: { session: ConversationSession }) {
  const title = useStore(session.store, (view) => titleOf(view.info));
  const [edited, setEdited] = useState<string | null>(null);
  const rename = useRenameConversation();
  if (edited === null) {
    return (
      <div className="flex min-w-0">
        <title>{`${title} · OpenHands`}</title>
        <button
          type="button"
          title={`${title} (click to rename)`}
          onClick={() => setEdited(title)}
          className="h-11 min-w-0 truncate text-left font-semibold"
        >
          {title}
        </button>
      </div>
    );
  }
  const save = (event?: FormEvent): void => {
    event?.preventDefault();
    const changed = edited.trim().slice(0, 200);
    setEdited(null);
    if (changed === "" || changed === title) return;
    rename.mutate({ id: session.id, title: changed });
  };
  return (
    <form onSubmit={save}>
      <Input
        autoFocus
        aria-label="Title"
        className="h-[30px] font-semibold"
        value={edited}
        onChange={(event) => setEdited(event.target.value)}
        onBlur={() => save()}
        onKeyDown={(event) => {
          if (event.key === "Escape") setEdited(null);
        }}
      />
    </form>
  );
}
