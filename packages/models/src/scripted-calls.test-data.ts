/** Calls of a model against the scripted server: what a test sets up, and what it may look at afterwards. */
import { inspect } from "node:util";
import { type ScriptedLlm, startScriptedLlm } from "@openhands/testing";
import { afterEach, beforeEach, expect } from "vitest";
import { createModel, type ModelOptions } from "./create-model.ts";
import {
  type AnswerDelta,
  type AskOptions,
  type ModelAnswer,
  ModelError,
  type ModelLimits,
  type ModelRequest,
  type ModelSettings,
} from "./model.ts";
import type { RetryClock } from "./retry.ts";

export const key = "sk-canary-0123456789";

export const request: ModelRequest = {
  prompt: [
    { role: "system", content: "You are an agent." },
    { role: "user", content: [{ type: "text", text: "List the files." }] },
  ],
  tools: [
    {
      type: "function",
      name: "terminal",
      description: "Runs a command.",
      inputSchema: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
    },
  ],
};

/** Waits are written down instead of waited. */
class InstantClock implements RetryClock {
  readonly waits: number[] = [];
  readonly random = (): number => 0;
  readonly sleep = (seconds: number): Promise<void> => {
    this.waits.push(seconds);
    return Promise.resolve();
  };
}

/** What `ask` reported on its way. */
class Listener implements AskOptions {
  readonly deltas: AnswerDelta[] = [];
  readonly retries: Parameters<AskOptions["onRetry"]>[0][] = [];
  readonly controller = new AbortController();
  readonly #first = Promise.withResolvers<void>();

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get firstDelta(): Promise<void> {
    return this.#first.promise;
  }

  readonly onDelta = (delta: AnswerDelta): void => {
    this.deltas.push(delta);
    this.#first.resolve();
  };

  readonly onRetry: AskOptions["onRetry"] = (failure) => {
    this.retries.push(failure);
  };
}

export interface Setup extends Partial<ModelLimits> {
  readonly name?: string;
  readonly baseUrl?: string | null;
  readonly apiKey?: string | null;
}

export interface ScriptedCalls {
  readonly llm: ScriptedLlm;
  readonly clock: InstantClock;
  readonly listener: Listener;
  readonly settingsOf: (setup: Setup) => ModelSettings;
  readonly ask: (setup?: Setup, options?: ModelOptions) => Promise<ModelAnswer>;
  /** The ModelError that the call ends with; it must not hold the key, neither must anything that was reported. */
  readonly failureOf: (setup?: Setup, options?: ModelOptions) => Promise<ModelError>;
}

/** Made anew for each test of the file that it is called in. */
export function scriptedCalls(): ScriptedCalls {
  let llm: ScriptedLlm;
  let clock: InstantClock;
  let listener: Listener;
  beforeEach(async () => {
    llm = await startScriptedLlm();
    clock = new InstantClock();
    listener = new Listener();
  });
  afterEach(() => llm.stop());

  const settingsOf = (setup: Setup): ModelSettings => modelSettings(llm.url, setup);
  const ask = (setup: Setup = {}, options: ModelOptions = {}): Promise<ModelAnswer> =>
    createModel(settingsOf(setup), { clock, ...options }).ask(request, listener);

  async function failureOf(setup: Setup = {}, options: ModelOptions = {}): Promise<ModelError> {
    const error: unknown = await ask(setup, options).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ModelError);
    const failure = error as ModelError;
    const whole = inspect(failure, { depth: Infinity, showHidden: true });
    const told = [
      whole,
      String(failure),
      String(failure.cause),
      failure.stack,
      JSON.stringify(listener.retries),
    ];
    expect(told.join("\n")).not.toContain(key);
    return failure;
  }

  return {
    get llm() {
      return llm;
    },
    get clock() {
      return clock;
    },
    get listener() {
      return listener;
    },
    settingsOf,
    ask,
    failureOf,
  };
}

function modelSettings(url: string, setup: Setup): ModelSettings {
  const { name = "openai/scripted", baseUrl = url, apiKey = key } = setup;
  const { firstByteSeconds = 20, silenceSeconds = 20, attempts = 1, callSeconds = 60, local } = setup;
  return {
    name,
    baseUrl,
    apiKey: () => Promise.resolve(apiKey),
    limits: {
      firstByteSeconds,
      silenceSeconds,
      callSeconds,
      attempts,
      ...(local === undefined ? {} : { local }),
    },
  };
}
