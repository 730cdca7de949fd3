/**
 * From events to the model's messages, one event at a time, so that building the next request costs the same at event
 * 1,000 as at event 10.
 *
 * Invariants of what comes out, whatever the log holds: each tool call has exactly one result; results follow the
 * message with their calls, in call order; a message of the person that came while calls were open stands after
 * their results.
 */
import {
  type ActionEvent,
  type Content,
  type ImageContent,
  isKnown,
  type MessageEvent,
  plainText,
  type StoredEvent,
} from "@openhands/protocol";
import { answerMessage, type Prompt } from "@openhands/models";
import { modelContent } from "./model-content.ts";
import { RecentSteps } from "./recent-steps.ts";
import { ToolMemory } from "./tool-memory.ts";

type Message = Prompt[number];
type UserPart = Extract<Message, { role: "user" }>["content"][number];
type ToolResult = Extract<Extract<Message, { role: "tool" }>["content"][number], { type: "tool-result" }>;

/** The calls of one answer and what they returned so far. */
interface Batch {
  readonly responseId: string;
  readonly calls: ActionEvent[];
  readonly results: Map<string, ToolResult["output"]>;
}

export class Context {
  readonly memory = new ToolMemory();
  readonly recent = new RecentSteps();
  /** the newest one; it stands first, wherever it came in the log */
  #system: string | null = null;
  readonly #messages: Message[] = [];
  #batch: Batch | null = null;
  #held: MessageEvent[] = [];

  push(event: StoredEvent): void {
    if (!isKnown(event)) return;
    this.recent.push(event);
    switch (event.kind) {
      case "SystemPromptEvent":
        this.#system = event.system_prompt.text;
        return;
      case "MessageEvent":
        this.#pushMessage(event);
        return;
      case "ActionEvent":
        this.#pushAction(event);
        return;
      case "ObservationEvent":
        this.memory.push(event.observation);
        this.#answer(
          event.tool_call_id,
          observationOutput(modelContent(event.observation), event.observation.is_error),
        );
        return;
      case "AgentErrorEvent":
        this.#answer(event.tool_call_id, { type: "error-text", value: event.error });
        return;
      case "UserRejectObservation":
        this.#answer(event.tool_call_id, {
          type: "error-text",
          value: `Action rejected: ${event.rejection_reason}`,
        });
        return;
      case "ConversationErrorEvent":
      case "ConversationStateUpdateEvent":
      case "PauseEvent":
      case "InterruptEvent":
        return;
    }
  }

  /** The messages of the next request. An open call is answered as unknown rather than left to break the request. */
  prompt(): Prompt {
    for (const call of this.#batch?.calls ?? []) {
      this.#answer(call.tool_call_id, { type: "error-text", value: "The result of this call was lost." });
    }
    return this.#system === null
      ? [...this.#messages]
      : [{ role: "system", content: this.#system }, ...this.#messages];
  }

  #pushMessage(event: MessageEvent): void {
    if (event.source === "user" && this.#batch !== null) {
      this.#held.push(event);
      return;
    }
    const { role, content } = event.llm_message;
    if (role === "assistant") {
      this.#messages.push(answerMessage({ text: plainText(content), calls: [], state: event.llm_state }));
    } else {
      this.#messages.push({ role: "user", content: content.flatMap(userParts) });
    }
  }

  #pushAction(event: ActionEvent): void {
    if (this.#batch !== null && this.#batch.responseId !== event.llm_response_id) this.prompt();
    this.#batch ??= { responseId: event.llm_response_id, calls: [], results: new Map() };
    if (!this.#batch.calls.some((call) => call.tool_call_id === event.tool_call_id))
      this.#batch.calls.push(event);
  }

  /** A result without an open call, or a second one, is passed over. */
  #answer(callId: string, output: ToolResult["output"]): void {
    const batch = this.#batch;
    if (batch === null || batch.results.has(callId)) return;
    if (!batch.calls.some((call) => call.tool_call_id === callId)) return;
    batch.results.set(callId, output);
    if (batch.results.size === batch.calls.length) this.#closeBatch(batch);
  }

  #closeBatch(batch: Batch): void {
    const calls = batch.calls.map((call) => ({
      id: call.tool_call_id,
      name: call.tool_name,
      input: parsedArguments(call.tool_call.arguments),
    }));
    const state = batch.calls.find((call) => call.llm_state)?.llm_state;
    const text = plainText(batch.calls.flatMap((call) => call.thought));
    this.#messages.push(answerMessage({ text, calls, state }));
    this.#messages.push({
      role: "tool",
      content: batch.calls.flatMap((call): ToolResult[] => {
        const output = batch.results.get(call.tool_call_id);
        if (output === undefined) return [];
        return [{ type: "tool-result", toolCallId: call.tool_call_id, toolName: call.tool_name, output }];
      }),
    });
    this.#batch = null;
    const held = this.#held;
    this.#held = [];
    for (const event of held) this.#pushMessage(event);
  }
}

/** Arguments that are no JSON object are given back to the model under a name that says so. */
function parsedArguments(raw: string): unknown {
  try {
    const value: unknown = JSON.parse(raw === "" ? "{}" : raw);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { malformed_arguments: raw };
}

function observationOutput(content: readonly Content[], isError: boolean): ToolResult["output"] {
  if (content.every((part) => part.type === "text")) {
    return { type: isError ? "error-text" : "text", value: plainText(content) };
  }
  return {
    type: "content",
    value: content.flatMap(userParts),
  };
}

function userParts(part: Content): UserPart[] {
  return part.type === "text" ? [{ type: "text", text: part.text }] : images(part);
}

/** Data URLs travel as data, others as links; what is neither is told as text, for it stays in the log for good. */
function images(part: ImageContent): UserPart[] {
  return part.image_urls.map((url) => {
    const inline = /^data:(image\/[\w.+-]+);base64,(.*)$/s.exec(url);
    if (inline?.[1] !== undefined && inline[2] !== undefined) {
      return { type: "file", mediaType: inline[1], data: { type: "data", data: inline[2] } };
    }
    const link = URL.parse(url);
    if (link === null) return { type: "text", text: "[An image that can't be read was here.]" };
    return { type: "file", mediaType: "image/*", data: { type: "url", url: link } };
  });
}
