/** Streams what a model says and holds back what it writes for us: the call, from its first character on. */
import type { AnswerDelta, ToolSpec } from "../model.ts";
import { callFormats } from "./formats/registry.ts";

export class CallHider {
  readonly #openers: readonly string[];
  readonly #onDelta: (delta: AnswerDelta) => void;
  #held = "";
  #open = false;

  constructor(tools: readonly ToolSpec[], onDelta: (delta: AnswerDelta) => void) {
    this.#openers = callFormats.flatMap((format) => format.openers(tools));
    this.#onDelta = onDelta;
  }

  readonly push = (delta: AnswerDelta): void => {
    if (delta.reasoning !== undefined) this.#onDelta({ reasoning: delta.reasoning });
    if (delta.text === undefined) return;
    this.#held += delta.text;
    if (this.#open) return;
    const start = this.#startOfCall();
    const free = this.#held.slice(0, start);
    this.#held = this.#held.slice(start);
    this.#open = this.#openers.some((opener) => this.#held.startsWith(opener));
    if (free !== "") this.#onDelta({ text: free });
  };

  /** Where a call begins, or might as far as is seen; the length of what is held where none does. */
  #startOfCall(): number {
    const held = this.#held;
    for (let start = 0; start < held.length; start += 1) {
      const rest = held.slice(start, start + 40);
      if (this.#openers.some((opener) => rest.startsWith(opener) || opener.startsWith(rest))) return start;
    }
    return held.length;
  }

  /** The answer is whole. @param said its text without calls: what of it was held back is given out */
  finish(said: string, whole: string): void {
    const shown = whole.length - this.#held.length;
    if (said.length > shown) this.#onDelta({ text: said.slice(shown) });
  }
}
