import { isKnown, plainText, type StoredEvent } from "@openhands/protocol";

/** A few words on what an event says, for one line of the log. */
export function eventGlance(event: StoredEvent): string {
  if (!isKnown(event)) return event.source;
  switch (event.kind) {
    case "MessageEvent":
      return `${event.llm_message.role}: ${firstLine(plainText(event.llm_message.content))}`;
    case "ActionEvent":
      return `${event.tool_name} ${firstLine(event.tool_call.arguments)}`;
    case "ObservationEvent":
      return `${event.tool_name} ${firstLine(plainText(event.observation.content))}`;
    case "AgentErrorEvent":
      return firstLine(event.error);
    case "ConversationErrorEvent":
      return `${event.code}: ${firstLine(event.detail)}`;
    case "UserRejectObservation":
      return firstLine(event.rejection_reason);
    case "ConversationStateUpdateEvent":
      return `${event.key} ${JSON.stringify(event.value ?? null).slice(0, 120)}`;
    case "SystemPromptEvent":
      return `${event.tools.length} tools`;
    default:
      return event.source;
  }
}

function firstLine(text: string): string {
  return text.trimStart().split("\n", 1)[0]?.slice(0, 200) ?? "";
}
