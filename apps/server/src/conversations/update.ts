import type { EventDraft, UpdateConversationRequest } from "@openhands/protocol";
import type { Session } from "./session.ts";

/** A new title or new tags, as events like everything else. */
export async function updateConversation(
  session: Session,
  request: UpdateConversationRequest,
): Promise<void> {
  const drafts = (["title", "tags"] as const).flatMap((key): EventDraft[] => {
    const value = request[key];
    if (value === null || value === undefined) return [];
    return [{ kind: "ConversationStateUpdateEvent", source: "user", key, value }];
  });
  if (drafts.length > 0) await session.append(drafts);
}
