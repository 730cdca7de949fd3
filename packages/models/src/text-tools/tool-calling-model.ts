/**
 * Makes any model call tools. Where the provider knows tools they go as its own; where it does not, they are described in
 * the system prompt and calls are read from the text. Either way what a weak model gets slightly wrong is mended.
 */
import type { LanguageModelV4Message } from "@ai-sdk/provider";
import type { ModelFacts } from "@openhands/protocol";
import { mendCall } from "../mend-calls/mend-call.ts";
import type {
  AskOptions,
  Model,
  ModelAnswer,
  ModelRequest,
  Prompt,
  ToolProtocol,
  ToolSpec,
} from "../model.ts";
import { CallHider } from "./call-hider.ts";
import { readCalls, readPrintedCalls } from "./read-calls.ts";
import { refusesTools } from "./refuses-tools.ts";
import { toolInstructions } from "./tool-instructions.ts";
import { writtenOut } from "./write-history.ts";

/** Where a model that writes a call is stopped, before it imagines the result. */
const endOfCall = "</function";

export class ToolCallingModel implements Model {
  readonly name: string;
  readonly #inner: Model;
  #protocol: ToolProtocol;
  readonly #written = new WeakMap<LanguageModelV4Message, LanguageModelV4Message>();

  /** @param protocol "auto": the provider's own unless the catalogue or the provider says that the model takes none */
  constructor(inner: Model, protocol: ToolProtocol) {
    this.name = inner.name;
    this.#inner = inner;
    this.#protocol = protocol;
  }

  get facts(): ModelFacts {
    return this.#inner.facts;
  }

  async ask(request: ModelRequest, options: AskOptions): Promise<ModelAnswer> {
    if (this.#protocol === "auto" && this.facts.tools === false) this.#protocol = "text";
    const answer =
      this.#protocol === "text"
        ? await this.#askInText(request, options)
        : await this.#askNatively(request, options);
    const toolCalls = answer.toolCalls.map((call) => mendCall(call, request.tools));
    return { ...answer, toolCalls };
  }

  async #askNatively(request: ModelRequest, options: AskOptions): Promise<ModelAnswer> {
    try {
      return readPrintedCalls(await this.#inner.ask(request, options), request.tools);
    } catch (error) {
      if (this.#protocol !== "auto" || !refusesTools(error)) throw error;
      this.#protocol = "text";
      return await this.#askInText(request, options);
    }
  }

  async #askInText({ prompt, tools }: ModelRequest, options: AskOptions): Promise<ModelAnswer> {
    if (tools.length === 0)
      return await this.#inner.ask({ prompt: this.#inWords(prompt, tools), tools }, options);
    let hider = new CallHider(tools, options.onDelta);
    const answer = await this.#inner.ask(
      { prompt: this.#inWords(prompt, tools), tools: [], stop: [endOfCall] },
      {
        signal: options.signal,
        ...(options.onTry === undefined ? {} : { onTry: options.onTry }),
        ...(options.onUseless === undefined ? {} : { onUseless: options.onUseless }),
        onDelta: (delta) => hider.push(delta),
        onRetry: (failure) => {
          hider = new CallHider(tools, options.onDelta);
          options.onRetry(failure);
        },
      },
    );
    const read = readCalls(answer, tools);
    hider.finish(read.text, answer.text);
    return read;
  }

  /** Neighbours of one side are joined: the templates of small models refuse them. */
  #inWords(prompt: Prompt, tools: readonly ToolSpec[]): Prompt {
    const turns: Prompt = [];
    for (const message of instructed(prompt, tools)) {
      const next = this.#inWordsOnce(message);
      const last = turns.at(-1);
      if (last?.role === "user" && next.role === "user") {
        turns[turns.length - 1] = { role: "user", content: [...last.content, ...next.content] };
      } else {
        turns.push(next);
      }
    }
    return turns;
  }

  #inWordsOnce(message: LanguageModelV4Message): LanguageModelV4Message {
    const written = this.#written.get(message) ?? writtenOut(message);
    this.#written.set(message, written);
    return written;
  }
}

/** The instructions end the system prompt, or are one where there is none. */
function instructed(prompt: Prompt, tools: readonly ToolSpec[]): Prompt {
  if (tools.length === 0) return prompt;
  const [first, ...rest] = prompt;
  const instructions = toolInstructions(tools);
  return first?.role === "system"
    ? [{ ...first, content: `${first.content}\n\n${instructions}` }, ...rest]
    : [{ role: "system", content: instructions }, ...prompt];
}
