import type { EventDraft } from "@openhands/protocol";
import type { Session } from "./session.ts";

/** V1's, where none was given. */
export const noReason = "User rejected the action.";

/** Why actions are rejected that waited while a message came. */
export const messageInstead = "the person sent a message instead.";

/** An answer to each action that waits: none of them is executed. */
export function rejections(session: Session, reason: string): EventDraft[] {
  return [...session.state.openActions.values()].map((action) => ({
    kind: "UserRejectObservation",
    source: "user",
    rejection_reason: reason,
    rejection_source: "user",
    action_id: action.id,
    tool_name: action.tool_name,
    tool_call_id: action.tool_call_id,
  }));
}
