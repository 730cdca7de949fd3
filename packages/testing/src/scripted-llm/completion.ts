/** OpenAI's chat-completions wire: one answer as the chunks of a stream, or as one body. */
import type { AnswerReply, ScriptedUsage } from "./reply.ts";

/** What every chunk and body of one answer repeats. */
export interface CompletionHead {
  /** number of the request in this server, from 1 */
  readonly number: number;
  readonly model: string;
  /** seconds since 1970 */
  readonly created: number;
}

/** The chunks of `reply` up to and including the one with the finish reason. */
export function* completionChunks(head: CompletionHead, reply: AnswerReply): Generator<object> {
  yield deltaChunk(head, { role: "assistant", content: "" });
  for (const piece of pieces(reply.reasoning ?? "", reply.chunkSize)) {
    yield deltaChunk(head, { reasoning_content: piece });
  }
  yield* textChunks(head, reply.text ?? "", reply.chunkSize);
  for (const [index, call] of toolCalls(head, reply).entries()) {
    const { arguments: text, name } = call.function;
    yield deltaChunk(head, { tool_calls: [{ ...call, index, function: { name, arguments: "" } }] });
    for (const piece of pieces(text, reply.chunkSize)) {
      yield deltaChunk(head, { tool_calls: [{ index, function: { arguments: piece } }] });
    }
  }
  yield deltaChunk(head, {}, finishReason(reply));
}

export function* textChunks(head: CompletionHead, text: string, chunkSize?: number): Generator<object> {
  for (const piece of pieces(text, chunkSize)) yield deltaChunk(head, { content: piece });
}

/** The last chunk, sent where the request asked for `stream_options.include_usage`. */
export function usageChunk(head: CompletionHead, usage: object): object {
  return { ...chunkHead(head), choices: [], usage };
}

/** The body of an answer that is not streamed. */
export function completionBody(head: CompletionHead, reply: AnswerReply, usage: object): object {
  const calls = toolCalls(head, reply);
  return {
    ...chunkHead(head),
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: reply.text ?? null,
          ...(reply.reasoning === undefined ? {} : { reasoning_content: reply.reasoning }),
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
        },
        finish_reason: finishReason(reply),
      },
    ],
    usage,
  };
}

/** @param promptCharacters length of the request's body */
export function usageOf(reply: AnswerReply, promptCharacters: number): object {
  const written = (reply.text ?? "") + (reply.reasoning ?? "") + JSON.stringify(reply.calls ?? "");
  const usage: ScriptedUsage = reply.usage ?? {
    promptTokens: Math.ceil(promptCharacters / 4),
    completionTokens: Math.ceil(written.length / 4),
  };
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  };
}

function chunkHead(head: CompletionHead): object {
  return {
    id: `chatcmpl-${head.number}`,
    object: "chat.completion.chunk",
    created: head.created,
    model: head.model,
  };
}

function deltaChunk(head: CompletionHead, delta: object, reason: string | null = null): object {
  return { ...chunkHead(head), choices: [{ index: 0, delta, finish_reason: reason }] };
}

function toolCalls(head: CompletionHead, reply: AnswerReply) {
  return (reply.calls ?? []).map((call, index) => ({
    id: call.id ?? `call_${head.number}_${index}`,
    type: "function",
    function: {
      name: call.name,
      arguments: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
    },
  }));
}

function finishReason(reply: AnswerReply): string | null {
  if (reply.finishReason !== undefined) return reply.finishReason;
  return reply.calls && reply.calls.length > 0 ? "tool_calls" : "stop";
}

/** `text` in pieces of `size` characters; nothing for an empty text. */
function* pieces(text: string, size = Number.POSITIVE_INFINITY): Generator<string> {
  if (text === "") return;
  if (text.length <= size) {
    yield text;
    return;
  }
  const characters = Array.from(text);
  for (let start = 0; start < characters.length; start += size) {
    yield characters.slice(start, start + size).join("");
  }
}
