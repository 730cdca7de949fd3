import { isKnown, plainText, type StoredEvent } from "@openhands/protocol";

/** What a person can read in an event; not the names of its fields, its ids, or the state of the conversation. */
export function textsOf(event: StoredEvent): readonly string[] {
  // of a kind that this version does not know, everything may be meant to be read
  if (!isKnown(event)) return stringsIn(event);
  switch (event.kind) {
    case "MessageEvent":
      return [plainText(event.llm_message.content)];
    case "ActionEvent":
      return [plainText(event.thought), event.summary ?? "", ...stringsIn({ ...event.action, kind: null })];
    case "ObservationEvent":
      return [plainText(event.observation.content)];
    case "UserRejectObservation":
      return [event.rejection_reason];
    case "AgentErrorEvent":
      return [event.error];
    case "ConversationErrorEvent":
      return [event.detail];
    case "Condensation":
      return [event.summary ?? ""];
    default:
      return [];
  }
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
