/**
 * A scripted model that needs no key and drives the real tools, so that the first run shows a real conversation. It
 * remembers nothing: the step it is at is read off the prompt, hence a restart or a second conversation cannot
 * confuse it.
 */
import { randomUUID } from "node:crypto";
import { ModelFacts } from "@openhands/protocol";
import type { Model, ModelRequest } from "../model.ts";
import { mendStory } from "./mend-story.ts";
import { primesStory } from "./primes-story.ts";
import { viewPrompt } from "./prompt-view.ts";
import { type DemoAnswer, finalAnswer, introduction, type Story, whoIAm } from "./story.ts";
import { tell } from "./tell.ts";
import { againStory, tourStory } from "./tour-story.ts";

export const demoModelNames: readonly string[] = ["demo/tour"];

/** The first that fits is told. */
const stories: readonly Story[] = [primesStory, tourStory, mendStory, againStory];

/** Nobody is asked, so nobody is paid. */
export const demoFacts = ModelFacts.parse({
  prices: { input: 0, output: 0 },
  vision: false,
  tools: true,
  reasoning: false,
});

/** @param chunkMilliseconds between two words; the default does not bore and is still seen streaming */
export function createDemoModel(name: string, chunkMilliseconds = 8): Model {
  return {
    name,
    facts: demoFacts,
    ask: (request, options) => {
      const { text, calls } = nextAnswer(request);
      const toolCalls = calls.map((call) => ({
        id: `demo_${randomUUID()}`,
        name: call.name,
        arguments: JSON.stringify(call.arguments),
      }));
      return tell({ text, toolCalls, source: "demonstration" }, options, chunkMilliseconds);
    },
  };
}

function nextAnswer(request: ModelRequest): DemoAnswer {
  const view = viewPrompt(request.prompt);
  const steps = stories.find((story) => story.fits(view))?.steps ?? [];
  const step = steps[Math.min(view.results.length, steps.length - 1)];
  const answer = step?.(view) ?? finalAnswer(whoIAm);
  const firstWords = view.results.length === 0 && !view.metBefore;
  return firstWords ? { ...answer, text: `${introduction} ${answer.text}` } : answer;
}
