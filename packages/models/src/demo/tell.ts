/** An answer that was written beforehand, streamed as a model would. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { AskOptions, ModelAnswer, ToolCall } from "../model.ts";

export interface WrittenAnswer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** what the ledger names as the source of the price, which is 0: nobody is asked */
  readonly source: string;
}

/** @throws the signal's reason where it is aborted */
export async function tell(
  { text, toolCalls, source }: WrittenAnswer,
  options: AskOptions,
  chunkMilliseconds: number,
): Promise<ModelAnswer> {
  const start = performance.now();
  for (const chunk of text.match(/\s*\S+/g) ?? []) {
    await pause(chunkMilliseconds, options.signal);
    options.onDelta({ text: chunk });
  }
  return {
    responseId: `${source}-${randomUUID()}`,
    text,
    reasoning: "",
    state: null,
    toolCalls,
    end: toolCalls.length > 0 ? "tool-calls" : "stop",
    tokens: {
      prompt_tokens: 0,
      completion_tokens: 0,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
      reasoning_tokens: 0,
    },
    cost: 0,
    priceSource: source,
    timing: {
      endedAt: new Date().toISOString(),
      firstTokenMs: 0,
      totalMs: Math.round(performance.now() - start),
    },
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
