import { useEffect } from "react";
import { useStore } from "zustand";
import type { StickToBottomInstance } from "use-stick-to-bottom";
import { useStuckEnd } from "../components/use-stuck-end.ts";
import type { ConversationSession } from "./conversation-session.ts";

/** Heights of the box that must be filled: else the oldest events are near to what is seen, and would be loaded again. */
const farAway = 3;

/**
 * A box at the end of the events. Who reads above it keeps all that is loaded; while everybody is at the end the oldest
 * events go, so that a conversation of any length stays light.
 */
export function useEventsEnd(session: ConversationSession): StickToBottomInstance {
  const stick = useStuckEnd();
  const { scrollRef, isAtBottom } = stick;
  const count = useStore(session.store, (view) => view.events.length);
  useEffect(() => (isAtBottom ? undefined : session.hold()), [session, isAtBottom]);
  useEffect(() => {
    const box = scrollRef.current;
    if (isAtBottom && box && box.scrollHeight > farAway * box.clientHeight) session.forgetOldest();
  }, [session, scrollRef, isAtBottom, count]);
  return stick;
}
