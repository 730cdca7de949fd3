/** What a model answered in a conversation that was recorded, in order. */
import { isKnown, plainText, type StoredEvent } from "@openhands/protocol";
import type { ToolCall } from "../model.ts";

export interface RecordedAnswer {
  readonly text: string;
  /** ids are those of the recording */
  readonly toolCalls: readonly ToolCall[];
}

export function recordedAnswers(events: readonly StoredEvent[]): readonly RecordedAnswer[] {
  const answers: { text: string; toolCalls: ToolCall[]; responseId: string | null }[] = [];
  for (const event of events) {
    if (!isKnown(event)) continue;
    if (event.kind === "MessageEvent" && event.source === "agent") {
      answers.push({ text: plainText(event.llm_message.content), toolCalls: [], responseId: null });
    } else if (event.kind === "ActionEvent") {
      const { id, name, arguments: written } = event.tool_call;
      const last = answers.at(-1);
      const same = last !== undefined && last.responseId === event.llm_response_id;
      const answer = same ? last : { text: "", toolCalls: [], responseId: event.llm_response_id };
      if (!same) answers.push(answer);
      answer.text ||= plainText(event.thought);
      answer.toolCalls.push({ id, name, arguments: written });
    }
  }
  return answers;
}
