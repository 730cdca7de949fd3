/**
 * From events to the model's messages, one event at a time, so that building the next request costs the same at event
 * 1,000 as at event 10.
 *
 * Invariants of what comes out, whatever the log holds: each tool call has exactly one result; results follow the
 * message with their calls, in call order; a message of the person that came while calls were open stands after
 * their results. What a Condensation forgets is left out, calls together with their results.
 */
import {
  type ActionEvent,
  type Content,
  type ImageContent,
  isKnown,
  type KnownEvent,
  type MessageEvent,
  plainText,
  type StoredEvent,
} from "@openhands/protocol";
import { answerMessage, type Prompt } from "@openhands/models";
import { condensed } from "./history/condensed.ts";
import { type Entry, entryOf, type Message, sizeOfAll, type ToolResult } from "./history/entry.ts";
import { Measure } from "./history/measure.ts";
import { modelContent } from "./model-content.ts";
import { RecentSteps } from "./recent-steps.ts";
import { ToolMemory } from "./tool-memory.ts";

type UserPart = Extract<Message, { role: "user" }>["content"][number];

/** The calls of one answer and what they returned so far. */
interface Batch {
  readonly responseId: string;
  readonly calls: ActionEvent[];
  readonly results: Map<string, ToolResult["output"]>;
  readonly ids: string[];
  seq: number;
}

type AnswerEvent = Extract<
  KnownEvent,
  { kind: "ObservationEvent" | "AgentErrorEvent" | "UserRejectObservation" }
>;

export class Context {
  readonly memory = new ToolMemory();
  readonly recent = new RecentSteps();
  readonly measure = new Measure();
  /** the newest one; it stands first, wherever it came in the log */
  #system: Message | null = null;
  #fixedSize = 0;
  #entries: Entry[] = [];
  /** of the entries, in order: kept so that a request costs no walk through all of them */
  #messages: Message[] = [];
  #size = 0;
  #batch: Batch | null = null;
  #held: MessageEvent[] = [];

  /** what the requests are made of, oldest first, without system prompt and open calls */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** characters of the next request, its tools included */
  get size(): number {
    return this.#size + this.fixedSize;
  }

  /** characters of system prompt and tools */
  get fixedSize(): number {
    return this.#fixedSize;
  }

  push(event: StoredEvent): void {
    if (!isKnown(event)) return;
    this.recent.push(event);
    this.measure.push(event, this.size);
    switch (event.kind) {
      case "SystemPromptEvent":
        this.#system = { role: "system", content: event.system_prompt.text };
        this.#fixedSize = event.system_prompt.text.length + JSON.stringify(event.tools).length;
        return;
      case "MessageEvent":
        this.#pushMessage(event);
        return;
      case "ActionEvent":
        this.#pushAction(event);
        return;
      case "ObservationEvent":
        this.memory.push(event.observation);
        this.#answer(event, observationOutput(modelContent(event.observation), event.observation.is_error));
        return;
      case "AgentErrorEvent":
        this.#answer(event, { type: "error-text", value: event.error });
        return;
      case "UserRejectObservation":
        this.#answer(event, { type: "error-text", value: `Action rejected: ${event.rejection_reason}` });
        return;
      case "Condensation":
        this.#replace(condensed(this.#entries, event, event));
        return;
      case "ConversationErrorEvent":
      case "ConversationStateUpdateEvent":
      case "CondensationRequest":
      case "PauseEvent":
      case "InterruptEvent":
        return;
    }
  }

  /** The messages of the next request. An open call is answered as unknown rather than left to break the request. */
  prompt(): Prompt {
    const lost = { type: "error-text", value: "The result of this call was lost." } as const;
    for (const call of this.#batch?.calls ?? []) this.#answerCall(call.tool_call_id, lost);
    return this.#system === null ? [...this.#messages] : [this.#system, ...this.#messages];
  }

  #add(entry: Omit<Entry, "size">): void {
    const added = entryOf(entry);
    this.#entries.push(added);
    this.#messages.push(...added.messages);
    this.#size += added.size;
  }

  #replace(entries: Entry[]): void {
    this.#entries = entries;
    this.#messages = entries.flatMap((entry) => entry.messages);
    this.#size = sizeOfAll(entries);
  }

  #pushMessage(event: MessageEvent): void {
    if (event.source === "user" && this.#batch !== null) {
      this.#held.push(event);
      return;
    }
    const { role, content } = event.llm_message;
    const message: Message =
      role === "assistant"
        ? answerMessage({ text: plainText(content), calls: [], state: event.llm_state })
        : { role: "user", content: content.flatMap(userParts) };
    const kind = event.source === "user" ? "person" : "words";
    this.#add({ ids: [event.id], seq: event.seq, kind, messages: [message] });
  }

  #pushAction(event: ActionEvent): void {
    if (this.#batch !== null && this.#batch.responseId !== event.llm_response_id) this.prompt();
    this.#batch ??= {
      responseId: event.llm_response_id,
      calls: [],
      results: new Map(),
      ids: [],
      seq: event.seq,
    };
    if (this.#batch.calls.some((call) => call.tool_call_id === event.tool_call_id)) return;
    this.#batch.calls.push(event);
    this.#batch.ids.push(event.id);
  }

  #answer(event: AnswerEvent, output: ToolResult["output"]): void {
    if (this.#batch !== null) {
      this.#batch.ids.push(event.id);
      this.#batch.seq = event.seq;
    }
    this.#answerCall(event.tool_call_id, output);
  }

  /** A result without an open call, or a second one, is passed over. */
  #answerCall(callId: string, output: ToolResult["output"]): void {
    const batch = this.#batch;
    if (batch === null || batch.results.has(callId)) return;
    if (!batch.calls.some((call) => call.tool_call_id === callId)) return;
    batch.results.set(callId, output);
    if (batch.results.size === batch.calls.length) this.#closeBatch(batch);
  }

  #closeBatch({ ids, seq, calls, results }: Batch): void {
    const toolCalls = calls.map((call) => ({
      id: call.tool_call_id,
      name: call.tool_name,
      input: parsedArguments(call.tool_call.arguments),
    }));
    const state = calls.find((call) => call.llm_state)?.llm_state;
    const text = plainText(calls.flatMap((call) => call.thought));
    const content = calls.flatMap((call): ToolResult[] => {
      const output = results.get(call.tool_call_id);
      if (output === undefined) return [];
      return [{ type: "tool-result", toolCallId: call.tool_call_id, toolName: call.tool_name, output }];
    });
    const messages: Message[] = [answerMessage({ text, calls: toolCalls, state }), { role: "tool", content }];
    this.#add({ ids, seq, kind: "calls", messages });
    this.#batch = null;
    const held = this.#held;
    this.#held = [];
    for (const event of held) this.#pushMessage(event);
  }
}

/** The escape of what may be half a character. A provider refuses every request of a history with one. */
const halfCharacter = /\\ud[89a-f]/i;

const wellFormed = (_key: string, value: unknown): unknown =>
  typeof value === "string" ? value.toWellFormed() : value;

/** Arguments that are no JSON object are given back to the model under a name that says so. */
function parsedArguments(raw: string): unknown {
  try {
    const value: unknown = JSON.parse(
      raw === "" ? "{}" : raw,
      halfCharacter.test(raw) ? wellFormed : undefined,
    );
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
