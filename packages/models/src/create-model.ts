import { createHash } from "node:crypto";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { ModelFacts } from "@openhands/protocol";
import { streamAnswer, type Used } from "./answer-stream.ts";
import { type KnownFacts, knownFacts } from "./catalogue/catalogue.ts";
import { costOf } from "./catalogue/cost.ts";
import { createDemoModel } from "./demo/demo-model.ts";
import { classifyFailure } from "./failure.ts";
import { FittedHistory } from "./history/fit-history.ts";
import { historyRules } from "./history/history-rules.ts";
import { httpFetch } from "./http-fetch.ts";
import {
  type AskOptions,
  type Model,
  type ModelAnswer,
  ModelError,
  type ModelRequest,
  type ModelSettings,
  type Prompt,
  type Spent,
} from "./model.ts";
import { isLocal } from "./is-local.ts";
import { type ResolvedModelName, resolveModelName } from "./model-name.ts";
import { ToolCallingModel } from "./text-tools/tool-calling-model.ts";
import { createReplayModel } from "./replay/replay-model.ts";
import { realClock, type RetryClock, withRetries } from "./retry.ts";

/** What tests replace. */
export interface ModelOptions {
  readonly clock?: RetryClock;
  readonly fetch?: typeof fetch;
}

/**
 * The model that `settings` name. Nothing is loaded or sent before the first question.
 * @throws ModelError bad_request where the name fits no provider
 */
export function createModel(settings: ModelSettings, options: ModelOptions = {}): Model {
  const resolved = resolveModelName(settings.name, settings.baseUrl);
  if (resolved.kind === "demo") return createDemoModel(settings.name);
  if (resolved.kind === "replay")
    return createReplayModel(settings.name, settings.recordings ?? noRecordings);
  return new ToolCallingModel(
    new ProviderModel(settings, resolved, options),
    settings.toolProtocol ?? "auto",
  );
}

/** Names a conversation by its beginning: the same for each of its requests, and telling nothing of it. */
class ConversationName {
  /** the messages that `#name` was reckoned from */
  #beginning: Prompt = [];
  #name = "";

  of(prompt: Prompt): string {
    const beginning = prompt.slice(0, 2);
    const { length } = this.#beginning;
    if (length === beginning.length && beginning.every((message, at) => message === this.#beginning[at]))
      return this.#name;
    this.#beginning = beginning;
    this.#name = createHash("sha256").update(JSON.stringify(beginning)).digest("hex").slice(0, 32);
    return this.#name;
  }
}

const noRecordings = (name: string): Promise<never> =>
  Promise.reject(new ModelError("bad_request", `There is no recording "${name}" to play again.`));

class ProviderModel implements Model {
  readonly name: string;
  readonly #settings: ModelSettings;
  readonly #resolved: Extract<ResolvedModelName, { kind: "provider" }>;
  readonly #clock: RetryClock;
  readonly #fetch: typeof fetch;
  #vendorModel: Promise<LanguageModelV4> | null = null;
  #history: FittedHistory | null = null;
  readonly #conversation = new ConversationName();
  #known: KnownFacts | null = null;

  constructor(
    settings: ModelSettings,
    resolved: Extract<ResolvedModelName, { kind: "provider" }>,
    options: ModelOptions,
  ) {
    this.name = settings.name;
    this.#settings = settings;
    this.#resolved = resolved;
    this.#clock = options.clock ?? realClock;
    this.#fetch = options.fetch ?? httpFetch;
  }

  get facts(): ModelFacts {
    return this.#facts().facts;
  }

  async ask(request: ModelRequest, options: AskOptions): Promise<ModelAnswer> {
    const vendorModel = await this.#connect();
    const { provider } = this.#resolved;
    const { limits } = this.#settings;
    const local = isLocal(this.#resolved);
    const prompt = this.#fit(vendorModel, request.prompt);
    let key: string | null = null;
    const tryOnce = async (): Promise<ModelAnswer> => {
      key = await this.#readKey();
      const answer = await streamAnswer(vendorModel, {
        modelName: this.name,
        request: { ...request, prompt },
        callOptions: {
          ...(key === null ? {} : { headers: { ...provider.keyHeaders(key) } }),
          ...(provider.requestOptions === undefined
            ? {}
            : { providerOptions: provider.requestOptions(this.#conversation.of(prompt)) }),
        },
        limits: local ? (limits.local ?? limits) : limits,
        signal: options.signal,
        onDelta: options.onDelta,
        onUseless: ({ timing, ...used }) => options.onUseless?.({ ...this.#priced(used), timing }),
      });
      const { tokensTold: _, ...told } = answer;
      return {
        ...told,
        ...this.#priced(answer),
        warnings: this.#warnings(answer.tokens.prompt_tokens),
      };
    };
    return withRetries(tryOnce, {
      signal: options.signal,
      onRetry: options.onRetry,
      ...(options.onTry === undefined ? {} : { onTry: options.onTry }),
      attempts: limits.attempts,
      classify: (error) => classifyFailure(error, { ...this.#resolved, local, key, now: new Date() }),
      clock: this.#clock,
    });
  }

  /** The conversation as this model takes it. */
  #fit({ provider }: LanguageModelV4, prompt: Prompt): Prompt {
    this.#history ??= new FittedHistory({
      model: this.name,
      rules: historyRules(this.#resolved.provider.prefixes[0], provider),
      vision: this.facts.vision ?? true,
    });
    return this.#history.fit(prompt);
  }

  #warnings(promptTokens: number): readonly string[] {
    const hidden = `${this.name} can't see images: it is only told where one was. For what they show, choose another model.`;
    const window = this.facts.context_window;
    // Ollama and its like drop the beginning of what is longer than their window, and say nothing.
    const cut = `${this.name} read as much as fits into its window: its server may have cut the beginning off. Raise the window there (Ollama: num_ctx), or choose another model.`;
    return [
      ...(this.#history?.hidImages === true ? [hidden] : []),
      ...(window !== null && promptTokens >= window - 1 ? [cut] : []),
    ];
  }

  #facts(): KnownFacts {
    this.#known ??= knownFacts(this.#resolved, this.#settings.facts ?? null);
    return this.#known;
  }

  /** A price that is not known, or tokens that were not told, are an unknown cost, which is not 0. */
  #priced({ tokens, tokensTold }: Omit<Used, "timing">): Omit<Spent, "timing"> {
    const { facts, priceSource } = this.#facts();
    return tokensTold
      ? { tokens, cost: costOf(tokens, facts), priceSource }
      : { tokens, cost: null, priceSource: null };
  }

  #connect(): Promise<LanguageModelV4> {
    this.#vendorModel ??= this.#resolved.provider.connect({
      baseUrl: this.#resolved.baseUrl,
      modelId: this.#resolved.modelId,
      fetch: this.#fetch,
    });
    return this.#vendorModel;
  }

  /** @throws ModelError auth where a key is needed and missing, or could not be sent */
  async #readKey(): Promise<string | null> {
    const { provider, baseUrl } = this.#resolved;
    // A line end comes along easily when a key is pasted.
    const key = (await this.#settings.apiKey())?.trim() ?? "";
    if (key === "") {
      if (!provider.needsKey || baseUrl !== provider.baseUrl) return null;
      throw new ModelError("auth", `${provider.label} needs a key and none is set. Put one into Settings.`);
    }
    // The error of fetch itself would quote the key.
    if (!/^[\x21-\x7e]+$/.test(key)) {
      const message = `The key for ${provider.label} has characters that no key has. Put it into Settings again.`;
      throw new ModelError("auth", message);
    }
    return key;
  }
}
