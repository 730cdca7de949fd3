import type { EventDraft, ExecutionStatus } from "@openhands/protocol";

export function statusDraft(status: ExecutionStatus): EventDraft {
  return {
    kind: "ConversationStateUpdateEvent",
    source: "environment",
    key: "execution_status",
    value: status,
  };
}
