/** What the scripted provider can be told to do with one request. Replies are plain data, so a script may be JSON. */

export interface ScriptedCall {
  readonly name: string;
  /** an object is sent as JSON; a string is sent as it is, also where it is no JSON */
  readonly arguments: Readonly<Record<string, unknown>> | string;
  /** default: unique within the server */
  readonly id?: string;
}

export interface AnswerReply {
  readonly kind: "answer";
  readonly text?: string;
  readonly reasoning?: string;
  /** what the wires with signed reasoning send along and want back; default: one of the server's own */
  readonly signature?: string;
  readonly calls?: readonly ScriptedCall[];
  /** characters of text, reasoning or arguments in one chunk; default: all in one */
  readonly chunkSize?: number;
  /** bytes of one write to the socket, which may cut a character in two; default: a chunk a write */
  readonly writeSize?: number;
  /** milliseconds between two chunks; default 0 */
  readonly chunkMilliseconds?: number;
  /** in OpenAI's words, put into the wire's own; null: the answer just ends; default: whether there are calls */
  readonly finishReason?: FinishReason | null;
  /** default: a quarter of the characters, as providers roughly count */
  readonly usage?: ScriptedUsage;
}

export type FinishReason = "stop" | "tool_calls" | "length" | "content_filter";

export interface ScriptedUsage {
  /** all of the prompt, cached or not */
  readonly promptTokens: number;
  /** all that was written, reasoning included */
  readonly completionTokens: number;
  /** of the prompt: read from the provider's cache */
  readonly cachedTokens?: number;
  /** of the prompt: written to the cache, for the wires that say so */
  readonly cacheWriteTokens?: number;
  /** of what was written: reasoning */
  readonly reasoningTokens?: number;
}

export type Reply =
  | AnswerReply
  /** an HTTP error; a string is sent as text, anything else as JSON; default body: the wire's own form of an error */
  | {
      readonly kind: "fail";
      readonly status: number;
      readonly body?: unknown;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** nothing more is sent and the connection stays open: from the start, or after `text` was streamed */
  | { readonly kind: "hang"; readonly text: string | null }
  /** the connection is reset before a byte was answered */
  | { readonly kind: "reset" }
  /** `text` is streamed, then the connection is reset */
  | { readonly kind: "truncate"; readonly text: string }
  /** `text` is streamed, then half a line of the stream, then the body ends as if that were all */
  | { readonly kind: "half-line"; readonly text: string }
  /** `text` is streamed, then an error in the wire's form takes the place of the end */
  | { readonly kind: "break"; readonly text: string; readonly error: unknown };

export const answer = (reply: Omit<AnswerReply, "kind">): Reply => ({ kind: "answer", ...reply });

export const say = (text: string): Reply => ({ kind: "answer", text });

export const call = (name: string, args: ScriptedCall["arguments"]): Reply => ({
  kind: "answer",
  calls: [{ name, arguments: args }],
});

/** @param milliseconds between two chunks of eight characters */
export const slow = (text: string, milliseconds: number): Reply => ({
  kind: "answer",
  text,
  chunkSize: 8,
  chunkMilliseconds: milliseconds,
});

export const fail = (
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({ kind: "fail", status, body, headers });

export const hang = (afterText: string | null = null): Reply => ({ kind: "hang", text: afterText });

export const reset = (): Reply => ({ kind: "reset" });

/** The model was asked, and said nothing at all. */
export const empty = (): Reply => ({ kind: "answer" });

export const halfLine = (text = "This answer breaks off"): Reply => ({ kind: "half-line", text });

export const truncate = (text = "This answer breaks off"): Reply => ({ kind: "truncate", text });

/** @param error what the wire's error event holds under `error` */
export const breakOff = (text: string, error: unknown): Reply => ({ kind: "break", text, error });

const kinds: ReadonlySet<unknown> = new Set([
  "answer",
  "fail",
  "hang",
  "reset",
  "truncate",
  "half-line",
  "break",
]);

/**
 * A script as read from a JSON file: an array of replies.
 * @throws TypeError where an entry is no reply
 */
export function parseScript(value: unknown): Reply[] {
  if (!Array.isArray(value)) throw new TypeError("A script is an array of replies");
  for (const [index, entry] of value.entries()) {
    const kind: unknown = typeof entry === "object" && entry !== null ? Reflect.get(entry, "kind") : null;
    if (!kinds.has(kind)) throw new TypeError(`Reply ${index} has no kind of ${[...kinds].join(", ")}`);
  }
  return value as Reply[];
}
