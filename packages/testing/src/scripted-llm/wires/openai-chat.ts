/** OpenAI's chat completions, which most others speak as well. */
import { pieces, type ScriptedAnswer } from "../scripted-answer.ts";
import { field, serverSentEvent, textField, type Wire } from "./wire.ts";

export const openaiChat: Wire = {
  name: "openai-chat",
  asked: (path, body) =>
    path.endsWith("/chat/completions")
      ? {
          model: textField(body, "model"),
          streamed: field(body, "stream") === true,
          tellsUsage: field(field(body, "stream_options"), "include_usage") === true,
        }
      : null,
  content,
  end,
  body: (answer) => ({
    ...head(answer),
    object: "chat.completion",
    choices: [{ index: 0, message: message(answer), finish_reason: answer.finishReason }],
    usage: usage(answer),
  }),
  errorEvent: (error) => serverSentEvent({ error }),
  errorBody: (status, message) => ({
    error: { message, type: "scripted", param: null, code: String(status) },
  }),
};

function* content(answer: ScriptedAnswer): Generator<string> {
  const { chunkSize } = answer;
  yield delta(answer, { role: "assistant", content: "" });
  for (const piece of pieces(answer.reasoning, chunkSize)) yield delta(answer, { reasoning_content: piece });
  for (const piece of pieces(answer.text, chunkSize)) yield delta(answer, { content: piece });
  for (const [index, call] of toolCalls(answer).entries()) {
    const { name, arguments: text } = call.function;
    yield delta(answer, { tool_calls: [{ ...call, index, function: { name, arguments: "" } }] });
    for (const piece of pieces(text, chunkSize)) {
      yield delta(answer, { tool_calls: [{ index, function: { arguments: piece } }] });
    }
  }
}

function* end(answer: ScriptedAnswer): Generator<string> {
  yield delta(answer, {}, answer.finishReason);
  if (answer.tellsUsage) yield serverSentEvent({ ...head(answer), choices: [], usage: usage(answer) });
  yield "data: [DONE]\n\n";
}

const head = ({ number, created, model }: ScriptedAnswer) => ({
  id: `chatcmpl-${number}`,
  object: "chat.completion.chunk",
  created,
  model,
});

const delta = (answer: ScriptedAnswer, part: object, reason: string | null = null): string =>
  serverSentEvent({ ...head(answer), choices: [{ index: 0, delta: part, finish_reason: reason }] });

const toolCalls = (answer: ScriptedAnswer) =>
  answer.calls.map(({ id, name, arguments: text }) => ({
    id,
    type: "function",
    function: { name, arguments: text },
  }));

const message = (answer: ScriptedAnswer) => ({
  role: "assistant",
  content: answer.text === "" ? null : answer.text,
  ...(answer.reasoning === "" ? {} : { reasoning_content: answer.reasoning }),
  ...(answer.calls.length === 0 ? {} : { tool_calls: toolCalls(answer) }),
});

const usage = ({
  usage: { promptTokens, completionTokens, cachedTokens, reasoningTokens },
}: ScriptedAnswer) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
  prompt_tokens_details: { cached_tokens: cachedTokens },
  completion_tokens_details: { reasoning_tokens: reasoningTokens },
});
