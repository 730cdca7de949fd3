/** OpenAI's Responses: an answer is a list of items, each opened, filled and closed by events of its own. */
import { type AnswerCall, pieces, type ScriptedAnswer } from "../scripted-answer.ts";
import { field, serverSentEvent, textField, type Wire } from "./wire.ts";

export const openaiResponses: Wire = {
  name: "openai-responses",
  asked: (path, body) =>
    path.endsWith("/responses")
      ? { model: textField(body, "model"), streamed: field(body, "stream") === true }
      : null,
  content: (answer) => numbered(content(answer), 0),
  end: (answer) => numbered(end(answer), 10_000),
  body: (answer) => response(answer, outcome(answer)),
  errorEvent: (error) =>
    serverSentEvent(
      { type: "error", sequence_number: 10_000, ...(typeof error === "object" ? { error } : {}) },
      "error",
    ),
  errorBody: (status, message) => ({
    error: { message, type: "scripted", param: null, code: String(status) },
  }),
};

type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

function* numbered(events: Iterable<Event>, first: number): Generator<string> {
  let number = first;
  for (const event of events) {
    yield serverSentEvent({ ...event, sequence_number: number }, event.type);
    number += 1;
  }
}

function* content(answer: ScriptedAnswer): Generator<Event> {
  yield { type: "response.created", response: response(answer, { status: "in_progress" }) };
  yield { type: "response.in_progress", response: response(answer, { status: "in_progress" }) };
  for (const [index, item] of items(answer).entries()) yield* itemEvents(item, index, answer.chunkSize);
}

function* end(answer: ScriptedAnswer): Generator<Event> {
  if (answer.finishReason === null) return;
  const { status, ...rest } = outcome(answer);
  yield { type: `response.${status}`, response: response(answer, { status, ...rest }) };
}

type Item =
  | { readonly kind: "reasoning"; readonly id: string; readonly text: string; readonly encrypted: string }
  | { readonly kind: "message"; readonly id: string; readonly text: string }
  | { readonly kind: "call"; readonly id: string; readonly call: AnswerCall };

function items({ number, reasoning, signature, text, calls }: ScriptedAnswer): Item[] {
  return [
    ...(reasoning === ""
      ? []
      : [{ kind: "reasoning" as const, id: `rs_${number}`, text: reasoning, encrypted: signature }]),
    ...(text === "" ? [] : [{ kind: "message" as const, id: `msg_${number}`, text }]),
    ...calls.map((call, index) => ({ kind: "call" as const, id: `fc_${number}_${index}`, call })),
  ];
}

function* itemEvents(item: Item, index: number, chunkSize: number): Generator<Event> {
  const place = { item_id: item.id, output_index: index };
  yield { type: "response.output_item.added", output_index: index, item: itemBody(item, false) };
  if (item.kind === "reasoning") {
    const part = { ...place, summary_index: 0 };
    yield {
      type: "response.reasoning_summary_part.added",
      ...part,
      part: { type: "summary_text", text: "" },
    };
    for (const delta of pieces(item.text, chunkSize)) {
      yield { type: "response.reasoning_summary_text.delta", ...part, delta };
    }
    yield { type: "response.reasoning_summary_text.done", ...part, text: item.text };
    yield { type: "response.reasoning_summary_part.done", ...part, part: summary(item.text) };
  } else if (item.kind === "message") {
    const part = { ...place, content_index: 0 };
    yield { type: "response.content_part.added", ...part, part: outputText("") };
    for (const delta of pieces(item.text, chunkSize)) {
      yield { type: "response.output_text.delta", ...part, delta, logprobs: [] };
    }
    yield { type: "response.output_text.done", ...part, text: item.text, logprobs: [] };
    yield { type: "response.content_part.done", ...part, part: outputText(item.text) };
  } else {
    for (const delta of pieces(item.call.arguments, chunkSize)) {
      yield { type: "response.function_call_arguments.delta", ...place, delta };
    }
    yield { type: "response.function_call_arguments.done", ...place, arguments: item.call.arguments };
  }
  yield { type: "response.output_item.done", output_index: index, item: itemBody(item, true) };
}

/** @param done false: as it is opened, still without content */
function itemBody(item: Item, done: boolean): object {
  const status = done ? "completed" : "in_progress";
  switch (item.kind) {
    case "reasoning":
      return {
        id: item.id,
        type: "reasoning",
        encrypted_content: item.encrypted,
        summary: done ? [summary(item.text)] : [],
      };
    case "message":
      return {
        id: item.id,
        type: "message",
        status,
        role: "assistant",
        content: done ? [outputText(item.text)] : [],
      };
    case "call":
      return {
        id: item.id,
        type: "function_call",
        status,
        call_id: item.call.id,
        name: item.call.name,
        arguments: done ? item.call.arguments : "",
      };
  }
}

const summary = (text: string) => ({ type: "summary_text", text });
const outputText = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });

interface Outcome {
  readonly status: "in_progress" | "completed" | "incomplete";
  readonly incomplete_details?: { readonly reason: "max_output_tokens" | "content_filter" };
}

function outcome({ finishReason }: ScriptedAnswer): Outcome {
  if (finishReason === "length") {
    return { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
  }
  if (finishReason === "content_filter") {
    return { status: "incomplete", incomplete_details: { reason: "content_filter" } };
  }
  return { status: "completed" };
}

function response(answer: ScriptedAnswer, { status, incomplete_details }: Outcome): object {
  const open = status === "in_progress";
  return {
    id: `resp_${answer.number}`,
    object: "response",
    created_at: answer.created,
    status,
    error: null,
    incomplete_details: incomplete_details ?? null,
    model: answer.model,
    output: open ? [] : items(answer).map((item) => itemBody(item, true)),
    usage: open ? null : usage(answer),
  };
}

const usage = ({
  usage: { promptTokens, completionTokens, cachedTokens, reasoningTokens },
}: ScriptedAnswer) => ({
  input_tokens: promptTokens,
  input_tokens_details: { cached_tokens: cachedTokens },
  output_tokens: completionTokens,
  output_tokens_details: { reasoning_tokens: reasoningTokens },
  total_tokens: promptTokens + completionTokens,
});
