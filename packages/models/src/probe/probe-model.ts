/**
 * Tries a model before a conversation needs it: whether it can be reached, takes the key, streams, calls tools, sees
 * images, and how much it reads. Three short questions at most; each thing found is a sentence for the person.
 */
import type { ModelCall, ProbeCheck, ProbeReport } from "@openhands/protocol";
import { createModel, type ModelOptions } from "../create-model.ts";
import { httpFetch } from "../http-fetch.ts";
import { ledgerRow } from "../ledger.ts";
import { type Model, type ModelAnswer, ModelError, type ModelRequest, type ModelSettings } from "../model.ts";
import { resolveModelName } from "../model-name.ts";
import { type Asking, describeServer, type ModelServer } from "./model-server.ts";
import { windowCheck } from "./window-check.ts";

export interface ProbeOptions extends Pick<ModelOptions, "fetch"> {
  readonly signal: AbortSignal;
}

export interface Probed {
  readonly report: ProbeReport;
  /** of the ledger */
  readonly calls: readonly ModelCall[];
}

/** @throws ModelError bad_request where the name fits no provider; the signal's reason */
export async function probeModel(settings: ModelSettings, options: ProbeOptions): Promise<Probed> {
  const resolved = resolveModelName(settings.name, settings.baseUrl);
  if (resolved.kind !== "provider") return { report: askingNobody(settings.name), calls: [] };
  const model = createModel(
    { ...settings, limits: { ...settings.limits, attempts: 1 }, toolProtocol: "native" },
    options.fetch === undefined ? {} : { fetch: options.fetch },
  );
  const key = (await settings.apiKey())?.trim() ?? "";
  const asking: Asking = {
    baseUrl: resolved.baseUrl,
    headers: key === "" ? {} : resolved.provider.keyHeaders(key),
    fetch: options.fetch ?? httpFetch,
    signal: options.signal,
  };
  const probe = new Probe(model, options.signal);
  const checks = await probe.run();
  const server = await describeServer(asking);
  const window = await windowCheck({ asking, server, modelId: resolved.modelId, facts: model.facts });
  return {
    report: {
      model: settings.name,
      checks: [...checks, window.check],
      models: namesAt(server, resolved.provider.prefixes[0]),
      context_window: window.tokens,
    },
    calls: probe.calls,
  };
}

/** The models of a server of which only the address is known. */
export async function probeServer(asking: Omit<Asking, "fetch"> & Partial<Asking>): Promise<ProbeReport> {
  const server = await describeServer({ fetch: httpFetch, ...asking });
  const { host } = new URL(asking.baseUrl);
  const words = server
    ? `The server at ${host} has ${server.models.length} models. Choose one.`
    : `Nothing at ${host} lists models. Check the address, or write the model's name.`;
  return {
    model: null,
    checks: [{ name: "reachable", result: server ? "good" : "bad", words }],
    models: namesAt(server, server?.prefix ?? "openai"),
    context_window: null,
  };
}

const namesAt = (server: ModelServer | null, prefix: string): string[] =>
  server?.models.map(({ id }) => `${prefix}/${id}`) ?? [];

const askingNobody = (model: string): ProbeReport => ({
  model,
  checks: [{ name: "reachable", result: "good", words: "It needs no key and asks nobody." }],
  models: [],
  context_window: null,
});

/** 32 × 32 points of red. */
const redSquare =
  "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAJ0lEQVR42u3NsQkAAAjAsP7/tF7hIASyp6lTCQQCgUAgEAgEgi/BAjLD/C5w/SM9AAAAAElFTkSuQmCC";

const ask = (text: string): ModelRequest["prompt"] => [{ role: "user", content: [{ type: "text", text }] }];

const report: ModelRequest["tools"][number] = {
  type: "function",
  name: "report",
  description: "Reports a number.",
  inputSchema: { type: "object", properties: { number: { type: "number" } }, required: ["number"] },
};

/** The questions, and what their answers say. */
class Probe {
  readonly calls: ModelCall[] = [];
  readonly #model: Model;
  readonly #signal: AbortSignal;

  constructor(model: Model, signal: AbortSignal) {
    this.#model = model;
    this.#signal = signal;
  }

  async run(): Promise<ProbeCheck[]> {
    let pieces = 0;
    const counted = await this.#ask({ prompt: ask("Count from one to ten in words."), tools: [] }, () => {
      pieces += 1;
    });
    if (counted instanceof ModelError) return refused(counted);
    const streaming: ProbeCheck =
      pieces > 1
        ? { name: "streaming", result: "good", words: "Its answers come while they are written." }
        : { name: "streaming", result: "bad", words: "Its answers come all at once, when they are done." };
    return [
      { name: "reachable", result: "good", words: `It answered in ${seconds(counted.timing.totalMs)}.` },
      { name: "key", result: "good", words: "The provider lets it be asked." },
      streaming,
      await this.#tools(),
      await this.#vision(),
    ];
  }

  async #tools(): Promise<ProbeCheck> {
    const answer = await this.#ask({
      prompt: ask("Call the tool report with the number 7."),
      tools: [report],
    });
    const called = !(answer instanceof ModelError) && answer.toolCalls.some(({ name }) => name === "report");
    if (called) return { name: "tools", result: "good", words: "It calls tools." };
    const why = answer instanceof ModelError ? ` ${answer.message}` : "";
    const words = `It did not call a tool when it was told to.${why} It can be asked to write its calls as text: llm_tool_protocol in Settings.`;
    return { name: "tools", result: "bad", words };
  }

  async #vision(): Promise<ProbeCheck> {
    if (this.#model.facts.vision === false)
      return {
        name: "vision",
        result: "bad",
        words: "It does not see images, by the catalogue or the settings.",
      };
    const prompt: ModelRequest["prompt"] = [
      {
        role: "user",
        content: [
          { type: "text", text: "Which colour is this? One word." },
          { type: "file", mediaType: "image/png", data: { type: "data", data: redSquare } },
        ],
      },
    ];
    const answer = await this.#ask({ prompt, tools: [] });
    if (answer instanceof ModelError) {
      const words = "It takes no images: they are left out of what it is asked.";
      return { name: "vision", result: answer.kind === "bad_request" ? "bad" : "unknown", words };
    }
    return /red/i.test(answer.text)
      ? { name: "vision", result: "good", words: "It sees images." }
      : { name: "vision", result: "bad", words: "It takes images and does not see what is on them." };
  }

  async #ask(
    request: ModelRequest,
    onPiece: () => void = () => undefined,
  ): Promise<ModelAnswer | ModelError> {
    try {
      const answer = await this.#model.ask(request, {
        signal: this.#signal,
        onDelta: onPiece,
        onRetry: () => undefined,
      });
      this.calls.push(ledgerRow("probe", this.#model.name, answer));
      return answer;
    } catch (error) {
      if (error instanceof ModelError) return error;
      throw error;
    }
  }
}

/** What a first question that failed says of reaching the provider and of the key. */
function refused({ kind, message: words }: ModelError): ProbeCheck[] {
  if (kind === "network" || kind === "timeout" || kind === "malformed") {
    return [{ name: "reachable", result: "bad", words }];
  }
  const reached: ProbeCheck = { name: "reachable", result: "good", words: "The provider is there." };
  if (kind === "auth" || kind === "quota") return [reached, { name: "key", result: "bad", words }];
  return [reached, { name: "streaming", result: "unknown", words }];
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
