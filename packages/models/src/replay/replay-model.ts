/**
 * Plays the actions of a recorded conversation again, with the real tools: `replay/…`. It remembers nothing: how far the
 * playing has come is read off the prompt, so it goes on after a restart where it was.
 */
import { randomUUID } from "node:crypto";
import { ModelFacts } from "@openhands/protocol";
import { tell } from "../demo/tell.ts";
import type { Model, Prompt, ReadRecording } from "../model.ts";
import { type RecordedAnswer, recordedAnswers } from "./recorded-answers.ts";

export const replayPrefix = "replay/";

/** Nobody is asked, so nobody is paid. */
export const replayFacts = ModelFacts.parse({ prices: { input: 0, output: 0 }, vision: true, tools: true });

/** @param name with its prefix */
export function createReplayModel(name: string, read: ReadRecording): Model {
  let answers: Promise<readonly RecordedAnswer[]> | null = null;
  return {
    name,
    facts: replayFacts,
    ask: async ({ prompt }, options) => {
      answers ??= read(name.slice(replayPrefix.length)).then(recordedAnswers);
      const step = nextStep(prompt);
      const answer = (await answers)[step];
      const text = answer?.text ?? "The recording ends here.";
      const toolCalls = (answer?.toolCalls ?? []).map((call) => ({ ...call, id: callId(step) }));
      return await tell({ text, toolCalls, source: "replay" }, options, 0);
    },
  };
}

/** An id tells its step, for a prompt may have lost what came before it. */
const callId = (step: number): string => `replay_${step}_${randomUUID()}`;

function nextStep(prompt: Prompt): number {
  let later = 0;
  for (const message of prompt.toReversed()) {
    if (message.role !== "assistant") continue;
    for (const part of message.content) {
      const step = part.type === "tool-call" ? /^replay_(\d+)_/.exec(part.toolCallId)?.[1] : undefined;
      if (step !== undefined) return Number(step) + 1 + later;
    }
    later += 1;
  }
  return later;
}
