/** One answer with everything settled that a reply may leave open: what each wire puts into its own form. */
import type { AnswerReply, FinishReason, ScriptedUsage } from "./reply.ts";

export interface ScriptedAnswer {
  /** number of the request in this server, from 1 */
  readonly number: number;
  readonly model: string;
  /** seconds since 1970 */
  readonly created: number;
  readonly text: string;
  readonly reasoning: string;
  readonly signature: string;
  readonly calls: readonly AnswerCall[];
  /** null: the answer just ends */
  readonly finishReason: FinishReason | null;
  readonly usage: Required<ScriptedUsage>;
  /** whether the request asked for usage; only chat completions can leave it out */
  readonly tellsUsage: boolean;
  /** characters of one chunk */
  readonly chunkSize: number;
}

export interface AnswerCall {
  readonly id: string;
  readonly name: string;
  /** JSON, unless the script wants it broken */
  readonly arguments: string;
}

/** What an answer takes from its request. */
export interface AnswerHead extends Pick<ScriptedAnswer, "number" | "model" | "tellsUsage"> {
  /** length of the request's body */
  readonly promptCharacters: number;
}

export function scriptedAnswer(head: AnswerHead, reply: Omit<AnswerReply, "kind">): ScriptedAnswer {
  const { number, model, tellsUsage, promptCharacters } = head;
  const calls = (reply.calls ?? []).map((call, index) => ({
    id: call.id ?? `call_${number}_${index}`,
    name: call.name,
    arguments: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
  }));
  const { text = "", reasoning = "" } = reply;
  // A quarter of the characters is how providers roughly count.
  const written = text + reasoning + calls.map((call) => call.name + call.arguments).join("");
  const usage = reply.usage ?? {
    promptTokens: Math.ceil(promptCharacters / 4),
    completionTokens: Math.ceil(written.length / 4),
  };
  return {
    number,
    model,
    tellsUsage,
    created: Math.floor(Date.now() / 1000),
    text,
    reasoning,
    signature: reply.signature ?? `signature-${number}`,
    calls,
    finishReason:
      reply.finishReason === undefined ? (calls.length > 0 ? "tool_calls" : "stop") : reply.finishReason,
    usage: { cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0, ...usage },
    chunkSize: reply.chunkSize ?? Number.POSITIVE_INFINITY,
  };
}

/** `text` in pieces of `size` characters; nothing for an empty text. */
export function* pieces(text: string, size: number): Generator<string> {
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

/** The arguments as a value, for the wires that send no text of them. Null where they are no JSON object. */
export function argumentsObject(call: AnswerCall): object | null {
  try {
    const value: unknown = JSON.parse(call.arguments);
    return typeof value === "object" ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
