/** How much a request may hold, reckoned from what is known of the model. All sizes are characters of the whole request. */
import type { ModelFacts } from "@openhands/protocol";

/**
 * Tokens that a model is taken to read where neither the settings nor the catalogue say. Most that are served today read
 * this many or more; one that reads fewer refuses the request, and what it refused is then the limit.
 */
const assumedWindow = 128_000;
/** Tokens kept free for the answer where its limit is not known; never more than a quarter of the window. */
const assumedOutput = 8192;

/** Shares of what is left beside system prompt and tools. */
const full = 0.9;
/** Well below what is full, so that many requests in a row begin with the same bytes and hit the provider's cache. */
const comfortable = 0.5;
const narrow = 0.7;
const newest = 0.2;

export interface Room {
  /** above this, room is made first */
  readonly limit: number;
  /** what is aimed at then */
  readonly target: number;
  /** above this, room would have to be made again soon */
  readonly crowded: number;
  /** how much of the newest is left as it is */
  readonly tail: number;
  /** what can be read beside system prompt and tools */
  readonly free: number;
}

export interface Measured {
  readonly fixedSize: number;
  readonly measure: { readonly tokensPerCharacter: number; readonly refusedSize: number | null };
}

export function roomFor(facts: ModelFacts, { fixedSize, measure }: Measured): Room {
  const window = facts.context_window ?? assumedWindow;
  const output = Math.min(facts.max_output ?? assumedOutput, window / 4);
  const readable = (window - output) / measure.tokensPerCharacter;
  // What was refused was too much, whatever the tokens were thought to be.
  const fits = Math.min(readable, (measure.refusedSize ?? Number.POSITIVE_INFINITY) * full);
  const free = Math.max(0, fits - fixedSize);
  return {
    limit: fixedSize + free * full,
    target: fixedSize + free * comfortable,
    crowded: fixedSize + free * narrow,
    tail: free * newest,
    free,
  };
}
