import type { ConversationInfo } from "@openhands/protocol";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Settings, SquarePen } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useConversations } from "../app/queries.ts";
import { Brand } from "../components/brand.tsx";
import { Button } from "../components/ui/button.tsx";
import { Input } from "../components/ui/input.tsx";
import { useNarrowClose } from "./use-narrow-close.ts";
import { ConversationRow } from "./conversation-row.tsx";
import { RemovedNotice } from "./removed-notice.tsx";
import { listGroups } from "./list-groups.ts";

/** Every conversation, newest first, in groups; a new one; the way to the settings. */
export function ConversationList() {
  const [search, setSearch] = useState("");
  const conversations = useConversations(useDeferredValue(search));
  const [removed, setRemoved] = useState<ConversationInfo | null>(null);
  const closeWhenNarrow = useNarrowClose();
  const navigate = useNavigate();
  const open = useParams({ strict: false, select: (params) => params.id });
  const items = conversations.data?.pages.flatMap((page) => page.items) ?? [];
  const incomplete = conversations.data?.pages[0]?.incomplete ?? null;
  const groups = listGroups(items, new Date());
  const startNew = (): void => {
    closeWhenNarrow();
    void navigate({ to: "/" });
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col px-2 pt-2 pb-2">
      <div className="flex h-8 items-center justify-between pr-1.5 pl-2">
        <Link to="/" onClick={closeWhenNarrow} className="rounded-md">
          <Brand />
        </Link>
        <Button size="small" data-testid="new-conversation" onClick={startNew}>
          <SquarePen aria-hidden className="size-3.5" />
          New
        </Button>
      </div>
      <div className="px-1.5 pt-3">
        <Input
          type="search"
          aria-label="Search conversations"
          placeholder="Search conversations"
          className="h-[30px]"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <nav data-testid="conversation-list" className="min-h-0 flex-1 overflow-y-auto pb-2">
        {groups.map((group) => (
          <section key={group.name} aria-label={group.name}>
            <h2 className="px-2.5 pt-3 pb-1 text-[11.5px] text-faint">{group.name}</h2>
            <ul>
              {group.items.map((info) => (
                <ConversationRow key={info.id} info={info} open={info.id === open} onRemoved={setRemoved} />
              ))}
            </ul>
          </section>
        ))}
        {incomplete === null ? null : (
          <p className="px-2.5 pt-3 text-small text-faint" role="status">
            Reading conversations: {incomplete.read} of {incomplete.of}
          </p>
        )}
        <ListState
          failed={conversations.isError ? conversations.error.message : null}
          empty={groups.length === 0 && conversations.isSuccess && incomplete === null}
          searching={search.trim() !== ""}
          onRetry={() => void conversations.refetch()}
        />
        {conversations.hasNextPage ? (
          <Button
            look="ghost"
            size="small"
            className="mt-2 ml-1"
            onClick={() => void conversations.fetchNextPage()}
          >
            Show more
          </Button>
        ) : null}
      </nav>
      {removed === null ? null : (
        <RemovedNotice key={removed.id} info={removed} onDone={() => setRemoved(null)} />
      )}
      <SettingsLink />
    </div>
  );
}

interface ListStateProps {
  readonly failed: string | null;
  readonly empty: boolean;
  readonly searching: boolean;
  readonly onRetry: () => void;
}

function ListState({ failed, empty, searching, onRetry }: ListStateProps) {
  if (failed !== null) {
    return (
      <div className="flex flex-col items-start gap-2 px-2.5 pt-4 text-small text-mute">
        <p>{failed}</p>
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      </div>
    );
  }
  if (!empty) return null;
  return (
    <p className="px-2.5 pt-4 text-small text-faint">
      {searching
        ? "No conversation has these words."
        : "Conversations will stand here once you have started one."}
    </p>
  );
}

function SettingsLink() {
  return (
    <Link
      to="/settings"
      onClick={useNarrowClose()}
      className="flex items-center gap-2 rounded-lg px-2.5 py-1.5 text-row text-mute hover:bg-raise hover:text-ink data-[status=active]:bg-raise data-[status=active]:text-ink"
    >
      <Settings aria-hidden className="size-4" />
      Settings
    </Link>
  );
}
