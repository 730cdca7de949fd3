import type { ExecutionStatus } from "@openhands/protocol";
import { ArrowDown } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { Button } from "../../components/ui/button.tsx";
import { Attention } from "../attention.tsx";
import type { ConversationSession } from "../conversation-session.ts";
import { useEventsEnd } from "../use-events-end.ts";
import { NowLine } from "../now-line.tsx";
import { EarlierButton } from "./earlier-button.tsx";
import { type FeedItem, feedItems, turns } from "./feed-items.ts";
import { StreamingText } from "./streaming-text.tsx";
import { TurnView } from "./turn-view.tsx";

/** More may come of a turn that is at one of these. */
const underWay: ReadonlySet<ExecutionStatus> = new Set(["running", "waiting_for_confirmation"]);

/** The conversation itself. Sticks to its end only while the reader is there. */
export function Feed({ session }: { session: ConversationSession }) {
  const events = useStore(session.store, (view) => view.events);
  const status = useStore(session.store, (view) => view.info?.execution_status);
  const items = useMemo(() => feedItems(events), [events]);
  const grouped = useMemo(() => turns(items), [items]);
  const { scrollRef, contentRef, isAtBottom, scrollToBottom } = useEventsEnd(session);
  const sent = useStore(session.store, (view) => view.sent);
  useEffect(() => void scrollToBottom("instant"), [sent, scrollToBottom]);
  const below = useNewSince(items, isAtBottom);
  // The error that stopped it is told at the end, with what to do about it.
  const lastError = status === "error" ? items.findLast((item) => item.type === "error") : undefined;
  return (
    <div className="relative min-h-0 flex-1">
      <div ref={scrollRef} className="h-full overflow-y-auto" data-testid="chat">
        <div
          ref={contentRef}
          className="mx-auto flex w-full max-w-[808px] flex-col gap-3.5 px-4 pt-5 pb-6 @2xl:px-6"
        >
          <EarlierButton session={session} />
          {grouped.map((turn, index) => {
            const last = index === grouped.length - 1;
            return (
              <TurnView
                key={turn.key}
                turn={turn}
                last={last}
                over={!last || (status !== undefined && !underWay.has(status))}
                hiddenKey={lastError?.key ?? null}
              />
            );
          })}
          <StreamingText session={session} />
          <NowLine session={session} />
          <Attention session={session} />
        </div>
      </div>
      {isAtBottom ? null : (
        <Button
          size="small"
          className="arrive absolute bottom-2 left-1/2 -translate-x-1/2 rounded-full"
          onClick={() => void scrollToBottom("instant")}
        >
          <ArrowDown aria-hidden className="size-3.5" />
          {below > 0 ? `${below} new below` : "To the end"}
        </Button>
      )}
    </div>
  );
}

/** How many items came after the one that was last when the reader was at the end. */
function useNewSince(items: readonly FeedItem[], isAtBottom: boolean): number {
  const last = items.at(-1)?.key ?? null;
  const [seen, setSeen] = useState(last);
  useEffect(() => {
    if (isAtBottom) setSeen(last);
  }, [isAtBottom, last]);
  return items.length - 1 - items.findLastIndex((item) => item.key === seen);
}
