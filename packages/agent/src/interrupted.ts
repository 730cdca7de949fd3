/** Closes what was left open: after a crash, on Stop, and when a run ends in an error. None is run again by itself. */
import type { ConversationState, EventDraft } from "@openhands/protocol";

export const interruption = {
  restart:
    "A restart occurred while this tool was in progress. Its result is not known: check what it did before you run it again.",
  deadline:
    "The time for this run was over before this tool completed. Check what it did before you run it again.",
  stop: "The person stopped this tool before it completed. Check what it did before you run it again.",
} as const;

/** An AgentErrorEvent for every open action, in order. */
export function closeOpenActions(state: ConversationState, error: string): EventDraft[] {
  return [...state.openActions.values()].map((action) => ({
    kind: "AgentErrorEvent",
    source: "agent",
    error,
    tool_name: action.tool_name,
    tool_call_id: action.tool_call_id,
  }));
}
