import type { EventDraft, QueuedMessage } from "@openhands/protocol";

/** A message that waited for the end of a turn, delivered: now it is one like any other. */
export function deliveredDraft({ n, content }: QueuedMessage): EventDraft {
  return { kind: "MessageEvent", source: "user", llm_message: { role: "user", content }, queued: n };
}
