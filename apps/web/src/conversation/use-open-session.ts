import { useMatch } from "@tanstack/react-router";
import { useServices } from "../app/services.ts";
import type { ConversationSession } from "./conversation-session.ts";

/** The conversation on the screen; null on other pages. */
export function useOpenSession(): ConversationSession | null {
  const { sessions } = useServices();
  const id = useMatch({
    from: "/conversations/$id",
    shouldThrow: false,
    select: (match) => match.params.id,
  });
  return id === undefined ? null : sessions.get(id);
}
