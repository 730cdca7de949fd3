/** Anthropic's Messages: an answer is a list of blocks; reasoning is a block with a signature at its end. */
import { argumentsObject, pieces, type ScriptedAnswer } from "../scripted-answer.ts";
import type { FinishReason } from "../reply.ts";
import { field, serverSentEvent, textField, type Wire } from "./wire.ts";

export const anthropicMessages: Wire = {
  name: "anthropic-messages",
  asked: (path, body) =>
    path.endsWith("/messages")
      ? { model: textField(body, "model"), streamed: field(body, "stream") === true }
      : null,
  content,
  end,
  body: (answer) => ({
    ...head(answer),
    content: [
      ...(answer.reasoning === ""
        ? []
        : [{ type: "thinking", thinking: answer.reasoning, signature: answer.signature }]),
      ...(answer.text === "" ? [] : [{ type: "text", text: answer.text }]),
      ...answer.calls.map((call) => ({
        type: "tool_use",
        id: toolUseId(call.id),
        name: call.name,
        input: argumentsObject(call) ?? {},
      })),
    ],
    stop_reason: stopReason(answer),
    usage: { ...promptUsage(answer), output_tokens: answer.usage.completionTokens },
  }),
  errorEvent: (error) => named({ type: "error", error }),
  errorBody: (status, message) => ({ type: "error", error: { type: errorType(status), message } }),
};

type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

const named = (event: Event): string => serverSentEvent(event, event.type);

const toolUseId = (id: string): string => `toolu_${id}`;

function* content(answer: ScriptedAnswer): Generator<string> {
  const { chunkSize } = answer;
  let index = 0;
  const start = (block: object): string =>
    named({ type: "content_block_start", index, content_block: block });
  const delta = (part: object): string => named({ type: "content_block_delta", index, delta: part });
  const stop = (): string => {
    const event = named({ type: "content_block_stop", index });
    index += 1;
    return event;
  };
  yield named({ type: "message_start", message: { ...head(answer), usage: startUsage(answer) } });
  yield named({ type: "ping" });
  if (answer.reasoning !== "") {
    yield start({ type: "thinking", thinking: "", signature: "" });
    for (const thinking of pieces(answer.reasoning, chunkSize)) {
      yield delta({ type: "thinking_delta", thinking });
    }
    yield delta({ type: "signature_delta", signature: answer.signature });
    yield stop();
  }
  if (answer.text !== "") {
    yield start({ type: "text", text: "" });
    for (const text of pieces(answer.text, chunkSize)) yield delta({ type: "text_delta", text });
    yield stop();
  }
  for (const call of answer.calls) {
    yield start({ type: "tool_use", id: toolUseId(call.id), name: call.name, input: {} });
    yield delta({ type: "input_json_delta", partial_json: "" });
    for (const partial_json of pieces(call.arguments, chunkSize)) {
      yield delta({ type: "input_json_delta", partial_json });
    }
    yield stop();
  }
}

function* end(answer: ScriptedAnswer): Generator<string> {
  if (answer.finishReason === null) return;
  yield named({
    type: "message_delta",
    delta: { stop_reason: stopReason(answer), stop_sequence: null },
    usage: { output_tokens: answer.usage.completionTokens },
  });
  yield named({ type: "message_stop" });
}

const head = ({ number, model }: ScriptedAnswer) => ({
  id: `msg_${number}`,
  type: "message",
  role: "assistant",
  model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
});

const stopReasons: Readonly<Record<FinishReason, string>> = {
  stop: "end_turn",
  tool_calls: "tool_use",
  length: "max_tokens",
  content_filter: "refusal",
};

const stopReason = ({ finishReason }: ScriptedAnswer): string | null =>
  finishReason === null ? null : stopReasons[finishReason];

/** Here the prompt's tokens are told in three parts that do not overlap. */
const promptUsage = ({ usage: { promptTokens, cachedTokens, cacheWriteTokens } }: ScriptedAnswer) => ({
  input_tokens: promptTokens - cachedTokens - cacheWriteTokens,
  cache_read_input_tokens: cachedTokens,
  cache_creation_input_tokens: cacheWriteTokens,
});

const startUsage = (answer: ScriptedAnswer) => ({ ...promptUsage(answer), output_tokens: 1 });

function errorType(status: number): string {
  const types: Readonly<Record<number, string>> = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
  };
  return types[status] ?? "api_error";
}
