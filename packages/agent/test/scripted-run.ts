/** The real loop with the real model layer against a scripted provider, on a log in memory and with one tool. */
import { createModel, type Model } from "@openhands/models";
import {
  ConversationSetup,
  type ConversationState,
  emptyState,
  type EventDraft,
  type OwnModelFacts,
  parseEvent,
  reduce,
  type StoredEvent,
  text,
} from "@openhands/protocol";
import type { SandboxTools } from "@openhands/sandbox";
import * as z from "zod";
import { Context } from "../src/context.ts";
import { run, type RunEnd } from "../src/loop.ts";
import { defineTool } from "../src/tool.ts";

const WorkAction = z.looseObject({ kind: z.literal("WorkAction"), characters: z.number() });

/** Returns as many characters as it is asked for. */
const workTool = defineTool({
  name: "work",
  description: "Returns so many characters.",
  input: z.object({ characters: z.number() }),
  action: WorkAction,
  effect: "none",
  toAction: ({ characters }) => ({ kind: "WorkAction" as const, characters }),
  run: ({ characters }) =>
    Promise.resolve({
      kind: "WorkObservation",
      content: [
        text("All work and no play makes a long output. ".repeat(characters / 42 + 1).slice(0, characters)),
      ],
      is_error: false,
    }),
});

const agent = { name: "worker", description: "Works", tools: [workTool], instructions: "" };

export interface ScriptedRunOptions {
  readonly url: string;
  readonly facts?: OwnModelFacts;
  readonly attempts?: number;
  readonly maxBudget?: number;
}

export class ScriptedRun {
  readonly events: StoredEvent[] = [];
  readonly context = new Context();
  readonly #options: ScriptedRunOptions;
  #state: ConversationState = emptyState;

  constructor(options: ScriptedRunOptions) {
    this.#options = options;
    this.append([
      { kind: "ConversationStateUpdateEvent", source: "environment", key: "created", value: setup },
    ]);
  }

  get state(): ConversationState {
    return this.#state;
  }

  get model(): Model {
    return createModel(
      {
        name: "openai/scripted",
        baseUrl: this.#options.url,
        apiKey: () => Promise.resolve("sk-0123456789"),
        limits: { firstByteSeconds: 60, silenceSeconds: 60, attempts: this.#options.attempts ?? 1 },
        facts: this.#options.facts ?? null,
      },
      { clock: { random: () => 0, sleep: () => Promise.resolve() } },
    );
  }

  /** As the log on disk does, without a disk. */
  append(drafts: readonly EventDraft[]): StoredEvent[] {
    return drafts.map((draft) => {
      const seq = this.events.length;
      const timestamp = new Date(seq).toISOString();
      const event = parseEvent(JSON.parse(JSON.stringify({ id: `e${seq}`, seq, timestamp, ...draft })));
      this.events.push(event);
      this.#state = reduce(this.#state, event);
      this.context.push(event);
      return event;
    });
  }

  says(words: string): void {
    const llm_message = { role: "user" as const, content: [text(words)] };
    this.append([{ kind: "MessageEvent", source: "user", llm_message }]);
  }

  /** @throws ModelError */
  async run(maxIterations = 1000): Promise<RunEnd> {
    return await run({
      model: this.model,
      agent,
      grants: () => new Set<string>(),
      sandbox: () => Promise.reject<SandboxTools>(new Error("no sandbox is needed here")),
      outputs: {
        begin: () => ({
          write: () => undefined,
          keep: () => Promise.resolve(null),
          discard: () => undefined,
          close: () => undefined,
        }),
      },
      redact: (text) => text,
      onToolOutput: () => undefined,
      signal: new AbortController().signal,
      pauseRequested: () => false,
      maxIterations,
      maxBudget: this.#options.maxBudget ?? null,
      context: this.context,
      state: () => this.#state,
      attachment: () => Promise.resolve(null),
      append: (drafts) => Promise.resolve(this.append(drafts)),
      deliverQueued: () => Promise.resolve(false),
      onDelta: () => undefined,
      onRetry: () => undefined,
    });
  }

  kinds(kind: string): StoredEvent[] {
    return this.events.filter((event) => event.kind === kind);
  }
}

const setup = ConversationSetup.parse({
  working_dir: "/workspace",
  working_dir_named: false,
  runtime: "local",
  network: "off",
  user: "owner",
  max_iterations: 1000,
  tags: {},
});

/** The context that another process would build from the same log. */
export function reread(events: readonly StoredEvent[]): Context {
  const context = new Context();
  for (const event of events) context.push(parseEvent(JSON.parse(JSON.stringify(event))));
  return context;
}
