/** One try: the request goes out, the parts of the answer come in and are put together. */
import { randomUUID } from "node:crypto";
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import type { TokenUsage } from "@openhands/protocol";
import { AnswerFault, StreamedError } from "./answer-fault.ts";
import { AnswerState } from "./answer-state.ts";
import type { AnswerDelta, AnswerTiming, ModelAnswer, ModelRequest, TimeLimits, ToolCall } from "./model.ts";
import { SilenceGuard } from "./silence-guard.ts";

export interface StreamOptions {
  /** as the user wrote it */
  readonly modelName: string;
  readonly request: ModelRequest;
  readonly callOptions: Pick<LanguageModelV4CallOptions, "headers" | "providerOptions">;
  readonly limits: TimeLimits;
  readonly signal: AbortSignal;
  readonly onDelta: (delta: AnswerDelta) => void;
  /** The answer came to its end and is at fault. */
  readonly onUseless: (used: Used) => void;
}

/** What a provider says that a try took, before anybody has looked up its price. */
export type Used = Pick<StreamedAnswer, "tokens" | "tokensTold" | "timing">;

/** An answer whose price nobody has looked up yet. */
export interface StreamedAnswer extends Omit<ModelAnswer, "cost" | "priceSource"> {
  /** false: the provider did not say how many tokens there were, and `tokens` are zeros */
  readonly tokensTold: boolean;
}

/**
 * @throws AnswerFault, StreamedError, or what the vendor's package threw. Where it throws the
 * socket is closed.
 */
export async function streamAnswer(model: LanguageModelV4, options: StreamOptions): Promise<StreamedAnswer> {
  const { request, callOptions, limits, signal, onDelta } = options;
  const stopwatch = new Stopwatch();
  const guard = new SilenceGuard(limits, signal);
  const builder = new AnswerBuilder(options.modelName, onDelta);
  try {
    const { stream } = await model.doStream({
      ...callOptions,
      prompt: request.prompt,
      ...(request.tools.length === 0 ? {} : { tools: [...request.tools] }),
      ...(request.stop === undefined ? {} : { stopSequences: [...request.stop] }),
      abortSignal: guard.signal,
    });
    for await (const part of stream) {
      // `stream-start` is the package's own and says nothing about the provider.
      if (part.type !== "stream-start") {
        guard.heard();
        stopwatch.heard();
      }
      builder.add(part);
    }
    return { ...builder.answer(), timing: stopwatch.stop() };
  } catch (error) {
    const used = error instanceof AnswerFault ? builder.used() : null;
    if (used !== null) options.onUseless({ ...used, timing: stopwatch.stop() });
    guard.abandon();
    throw guard.fault ?? error;
  } finally {
    guard.close();
  }
}

type FinishPart = Extract<LanguageModelV4StreamPart, { type: "finish" }>;

class AnswerBuilder {
  readonly #onDelta: (delta: AnswerDelta) => void;
  readonly #toolCalls: ToolCall[] = [];
  #responseId: string | null = null;
  #text = "";
  #reasoning = "";
  #reasoningBlock: string | null = null;
  #finish: FinishPart | null = null;
  readonly #state: AnswerState;

  constructor(modelName: string, onDelta: (delta: AnswerDelta) => void) {
    this.#state = new AnswerState(modelName);
    this.#onDelta = onDelta;
  }

  /** @throws StreamedError */
  add(part: LanguageModelV4StreamPart): void {
    this.#state.add(part);
    switch (part.type) {
      case "text-delta":
        this.#text += part.delta;
        if (part.delta !== "") this.#onDelta({ text: part.delta });
        return;
      case "reasoning-delta":
        return this.#addReasoning(part.id, part.delta);
      case "tool-call":
        // The arguments stay as the model wrote them: whether they are JSON is the agent's to find out.
        this.#toolCalls.push({ id: part.toolCallId, name: part.toolName, arguments: part.input });
        return;
      case "response-metadata":
        this.#responseId ??= part.id ?? null;
        return;
      case "finish":
        this.#finish = part;
        return;
      case "error":
        throw new StreamedError(part.error);
      default:
    }
  }

  /** @throws AnswerFault where the answer is empty or was not finished */
  answer(): Omit<StreamedAnswer, "timing"> {
    const finish = this.#finish;
    if (!finish) throw new AnswerFault("broken-off");
    const { unified, raw = "" } = finish.finishReason;
    // Google keeps a call that it can't read to itself.
    if (/MALFORMED_(FUNCTION|TOOL)_CALL/.test(raw)) throw new AnswerFault("unreadable-call");
    if (unified === "error" || unified === "interrupted") throw new AnswerFault("broken-off");
    const nothing = this.#text.trim() === "" && this.#toolCalls.length === 0;
    // An answer that a limit or a filter cut down to nothing is told apart by its `end`.
    if (nothing && unified !== "length" && unified !== "content-filter") throw new AnswerFault("empty");
    return {
      responseId: this.#responseId ?? randomUUID(),
      text: this.#text,
      reasoning: this.#reasoning,
      state: this.#state.value(),
      toolCalls: this.#toolCalls,
      end: unified,
      ...usedOf(finish),
    };
  }

  /** null: the provider has not said */
  used(): Omit<Used, "timing"> | null {
    return this.#finish && usedOf(this.#finish);
  }

  #addReasoning(block: string, delta: string): void {
    if (delta === "") return;
    const separator = this.#reasoning !== "" && this.#reasoningBlock !== block ? "\n\n" : "";
    this.#reasoningBlock = block;
    this.#reasoning += separator + delta;
    this.#onDelta({ reasoning: separator + delta });
  }
}

class Stopwatch {
  readonly #start = performance.now();
  #firstTokenMs: number | null = null;

  heard(): void {
    this.#firstTokenMs ??= this.#elapsedMs();
  }

  stop(): AnswerTiming {
    const endedAt = new Date().toISOString();
    return { endedAt, firstTokenMs: this.#firstTokenMs, totalMs: this.#elapsedMs() };
  }

  #elapsedMs(): number {
    return Math.round(performance.now() - this.#start);
  }
}

const usedOf = ({ usage }: FinishPart): Omit<Used, "timing"> => ({
  tokens: tokensOf(usage),
  tokensTold: usage.inputTokens.total !== undefined && usage.outputTokens.total !== undefined,
});

function tokensOf(usage: LanguageModelV4Usage): TokenUsage {
  return {
    prompt_tokens: usage.inputTokens.total ?? 0,
    completion_tokens: usage.outputTokens.total ?? 0,
    cache_read_tokens: usage.inputTokens.cacheRead ?? 0,
    cache_write_tokens: usage.inputTokens.cacheWrite ?? 0,
    reasoning_tokens: usage.outputTokens.reasoning ?? 0,
  };
}
