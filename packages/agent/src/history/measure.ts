/** How many tokens a character comes to, and what was too much: learned from the answers and refusals in the log. */
import { type KnownEvent, ModelCall } from "@openhands/protocol";
import * as z from "zod";

/**
 * Tokens per character until an answer has told: providers say "about four characters of English a token"; code, JSON
 * and output of programs come to about three, and a request that is thought too long by a third does no harm.
 */
const assumed = 1 / 3;
/** What no text goes beyond: long runs of blanks at one end, a token for each sign of a rare script at the other. */
const lowest = 1 / 12;
const highest = 2;

const StatsOfCall = z.looseObject({ last_call: ModelCall.pick({ usage_id: true, tokens: true }) });

export class Measure {
  #tokensPerCharacter = assumed;
  #refusedSize: number | null = null;
  /** size of the request that the newest answer was for; null until one is there */
  #askedSize: number | null = null;

  get tokensPerCharacter(): number {
    return this.#tokensPerCharacter;
  }

  /** characters of the smallest request that the model has refused as too long; null where it has refused none */
  get refusedSize(): number | null {
    return this.#refusedSize;
  }

  /** @param size of the request that would be sent just before `event` */
  push(event: KnownEvent, size: number): void {
    switch (event.kind) {
      case "ActionEvent":
        this.#askedSize ??= size;
        return;
      case "MessageEvent":
        if (event.source === "agent") this.#askedSize ??= size;
        return;
      case "CondensationRequest":
        if (event.source !== "user") this.#refusedSize = Math.min(this.#refusedSize ?? size, size);
        return;
      case "ConversationStateUpdateEvent":
        if (event.key === "stats") this.#learn(event.value, size);
        if (event.key === "llm_model") this.#forget();
        return;
      default:
    }
  }

  #learn(stats: unknown, size: number): void {
    const parsed = StatsOfCall.safeParse(stats);
    if (!parsed.success || parsed.data.last_call.usage_id !== "agent") return;
    const asked = this.#askedSize ?? size;
    this.#askedSize = null;
    const told = parsed.data.last_call.tokens.prompt_tokens;
    if (told > 0 && asked > 0) this.#tokensPerCharacter = Math.min(highest, Math.max(lowest, told / asked));
  }

  /** Another model counts in another way. */
  #forget(): void {
    this.#tokensPerCharacter = assumed;
    this.#refusedSize = null;
  }
}
