/**
 * A provider that misbehaves in every way we know of, at random by the seed in the model's name (`torture-17`): calls of
 * tools that there are not, arguments that are none, ids given twice, calls written as text, nothing at all, errors of
 * every kind, streams that break. Each command that it has run appends a line of its own to `actions.log`, so that one
 * that ran twice shows. After so many requests it says that it is done.
 */
import {
  answer,
  breakOff,
  empty,
  fail,
  halfLine,
  type Reply,
  reset,
  say,
  type ScriptedCall,
  truncate,
} from "../scripted-llm/reply.ts";
import type { ScriptedRequest } from "../scripted-llm/request.ts";
import type { Responder } from "../scripted-llm/scripted-llm.ts";
import { weakly } from "../scripted-llm/weak-models.ts";
import { SeededRandom } from "./seeded-random.ts";

export interface TortureOptions {
  /** after so many in one conversation it is done */
  readonly requests: number;
  /** Told of each request, before it is answered. */
  readonly onRequest: (seed: number, request: ScriptedRequest) => void;
}

export interface TortureModel {
  readonly respond: Responder;
  isDone(seed: number): boolean;
}

export const tortureModelName = (seed: number): string => `openai/torture-${seed}`;
export const tortureSeed = (model: string): number => Number(/torture-(\d+)$/.exec(model)?.[1] ?? Number.NaN);

export function tortureModel({ requests, onRequest }: TortureOptions): TortureModel {
  const players = new Map<number, Player>();
  return {
    respond: (request) => {
      const seed = tortureSeed(request.model);
      onRequest(seed, request);
      const player = players.get(seed) ?? new Player(seed);
      players.set(seed, player);
      // who is asked without tools is asked for a summary
      if ((request.body.tools ?? []).length === 0) return say("Done: some steps. Open: the others.");
      return player.asked >= requests ? say("All done.") : player.reply();
    },
    isDone: (seed) => (players.get(seed)?.asked ?? 0) >= requests,
  };
}

/** The wait before the next try, which is else a second or two. */
const soon = { "retry-after-ms": "5" };

class Player {
  asked = 0;
  readonly #seed: number;
  readonly #random: SeededRandom;
  #commands = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new SeededRandom(seed);
  }

  reply(): Reply {
    this.asked += 1;
    // half of the time it behaves, so that there is something to go wrong with
    return this.#random.next() < 0.5 ? this.#act() : this.#random.pick(this.#misbehaviours)();
  }

  #act(): Reply {
    const calls = Array.from({ length: 1 + this.#random.below(3) }, () => this.#command());
    return answer({ text: this.#random.pick(["", "Next step."]), calls, chunkSize: 20 });
  }

  #command(): ScriptedCall {
    this.#commands += 1;
    const line = `echo ${this.#seed}-${this.#commands} >> actions.log`;
    const then = this.#random.pick([
      "",
      "",
      // more than an event carries
      "; seq 1 7000",
      "; exit 3",
      "; sleep 0.3",
      "; false",
      "; printf '\\033[2J\\0'",
    ]);
    return { name: "terminal", arguments: { command: line + then } };
  }

  readonly #misbehaviours: readonly (() => Reply)[] = [
    () => answer({ calls: [{ name: "execute_everything", arguments: { command: "ls" } }, this.#command()] }),
    () => answer({ calls: [{ name: "terminal", arguments: { command: ["touch", "x"] } }] }),
    () => answer({ calls: [{ name: "terminal", arguments: '{"command": "touch ' }, this.#command()] }),
    () =>
      answer({
        calls: [
          { ...this.#command(), id: "twice" },
          { ...this.#command(), id: "twice" },
        ],
      }),
    () => answer({ calls: [{ ...this.#command(), id: "always the same, and with blanks" }] }),
    () => answer({ calls: [{ ...this.#command(), id: "" }] }),
    () => answer({ calls: [{ name: "file_editor", arguments: { command: "view", path: "relative" } }] }),
    () =>
      answer({
        calls: [
          { name: "think", arguments: { thought: "…" } },
          { name: "finish", arguments: { message: "So far." } },
        ],
      }),
    () => weakly("prints fenced JSON", answer({ calls: [this.#command()] })),
    () => weakly("prints XML", answer({ calls: [this.#command()] })),
    () => weakly("encodes twice", answer({ calls: [this.#command()] })),
    () => answer({ text: "Cut off in the mid", finishReason: "length" }),
    () => answer({ calls: [this.#command()], finishReason: "length" }),
    () => answer({ text: "Filtered", finishReason: "content_filter" }),
    () => answer({ text: "", reasoning: "Only thoughts." }),
    () => say("I think that this is the end of the turn."),
    empty,
    () => fail(400, { error: { message: "This model's maximum context length is 10 tokens." } }),
    () => fail(503, undefined, soon),
    () => fail(429, undefined, soon),
    () => fail(500, "<html>not JSON", soon),
    () => fail(401),
    reset,
    () => truncate("This breaks"),
    () => halfLine("So does this"),
    () => breakOff("And this", { message: "internal", type: "server_error" }),
  ];
}
