import { useStore } from "zustand";
import type { ConversationSession } from "../../conversation-session.ts";
import { EarlierButton } from "../../feed/earlier-button.tsx";
import { useEventsEnd } from "../../use-events-end.ts";
import { RawEvent } from "./raw-event.tsx";

/** Every loaded event as it is on disk. */
export function LogTab({ session }: { session: ConversationSession }) {
  const events = useStore(session.store, (view) => view.events);
  const hasEarlier = useStore(session.store, (view) => view.hasEarlier);
  const { scrollRef, contentRef } = useEventsEnd(session);
  return (
    <div ref={scrollRef} className="h-full overflow-y-auto">
      <div ref={contentRef}>
        {hasEarlier ? (
          <div className="border-b border-line py-2">
            <EarlierButton session={session} />
          </div>
        ) : null}
        {events.map((event) => (
          <RawEvent key={event.id} event={event} />
        ))}
      </div>
    </div>
  );
}
