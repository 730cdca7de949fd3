import { isKnown, type StoredEvent, type TaskItem, TaskTrackerObservation } from "@openhands/protocol";
import { useMemo } from "react";
import { useStore } from "zustand";
import type { ConversationSession } from "../../conversation-session.ts";

/** The list as the agent's task tracker showed it last, among the loaded events. */
export function useTasks({ store }: ConversationSession): readonly TaskItem[] {
  const events = useStore(store, (view) => view.events);
  return useMemo(() => latestTasks(events), [events]);
}

function latestTasks(events: readonly StoredEvent[]): readonly TaskItem[] {
  for (let at = events.length - 1; at >= 0; at -= 1) {
    const event = events[at];
    if (event?.kind !== "ObservationEvent" || !isKnown(event) || event.kind !== "ObservationEvent") continue;
    const seen = TaskTrackerObservation.safeParse(event.observation);
    if (seen.success && !seen.data.is_error) return seen.data.task_list;
  }
  return [];
}
