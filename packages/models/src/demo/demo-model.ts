/**
 * A scripted model that needs no key and drives the real tools, so that the first run shows a real conversation. It
 * remembers nothing: the step it is at is read off the prompt, hence a restart or a second conversation cannot
 * confuse it.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { ModelFacts } from "@openhands/protocol";
import type { AskOptions, Model, ModelAnswer, ModelRequest } from "../model.ts";
import { primesStory } from "./primes-story.ts";
import { viewPrompt } from "./prompt-view.ts";
import { type DemoAnswer, finalAnswer, type Story, whoIAm } from "./story.ts";
import { againStory, tourStory } from "./tour-story.ts";

export const demoModelNames: readonly string[] = ["demo/tour"];

/** The first that fits is told. */
const stories: readonly Story[] = [primesStory, tourStory, againStory];

/** Nobody is asked, so nobody is paid. */
export const demoFacts = ModelFacts.parse({
  prices: { input: 0, output: 0 },
  vision: false,
  tools: true,
  reasoning: false,
});

/** @param chunkMilliseconds between two words; the default does not bore and is still seen streaming */
export function createDemoModel(name: string, chunkMilliseconds = 8): Model {
  return { name, facts: demoFacts, ask: (request, options) => tell(request, options, chunkMilliseconds) };
}

async function tell(
  request: ModelRequest,
  options: AskOptions,
  chunkMilliseconds: number,
): Promise<ModelAnswer> {
  const start = performance.now();
  const answer = nextAnswer(request);
  for (const chunk of answer.text.match(/\s*\S+/g) ?? []) {
    await pause(chunkMilliseconds, options.signal);
    options.onDelta({ text: chunk });
  }
  return {
    responseId: `demo-${randomUUID()}`,
    text: answer.text,
    reasoning: "",
    state: null,
    toolCalls: answer.calls.map((call) => ({
      id: `demo_${randomUUID()}`,
      name: call.name,
      arguments: JSON.stringify(call.arguments),
    })),
    end: answer.calls.length > 0 ? "tool-calls" : "stop",
    tokens: {
      prompt_tokens: 0,
      completion_tokens: 0,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
      reasoning_tokens: 0,
    },
    cost: 0,
    priceSource: "demonstration",
    timing: {
      endedAt: new Date().toISOString(),
      firstTokenMs: 0,
      totalMs: Math.round(performance.now() - start),
    },
  };
}

function nextAnswer(request: ModelRequest): DemoAnswer {
  const view = viewPrompt(request.prompt);
  const steps = stories.find((story) => story.fits(view))?.steps ?? [];
  const step = steps[Math.min(view.results.length, steps.length - 1)];
  return step?.(view) ?? finalAnswer(whoIAm);
}

/** @throws the signal's reason where it is aborted */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
