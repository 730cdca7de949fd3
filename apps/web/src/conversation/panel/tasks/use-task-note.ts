import type { ConversationSession } from "../../conversation-session.ts";
import { useTasks } from "./use-tasks.ts";

/** E.g. `3/5`: how many are done. */
export function useTaskNote(session: ConversationSession): string | null {
  const tasks = useTasks(session);
  if (tasks.length === 0) return null;
  return `${tasks.filter(({ status }) => status === "done").length}/${tasks.length}`;
}
