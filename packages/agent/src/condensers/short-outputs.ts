import type { Condensed, Condenser, CondenserInput } from "./condenser.ts";
import { partsOf } from "./parts.ts";

/** Outputs before the tail, in so many characters each. */
function shortened({ entries, room }: CondenserInput, characters: number): Promise<Condensed | null> {
  const [first] = partsOf(entries, room).tail;
  if (first === undefined) return Promise.resolve(null);
  return Promise.resolve({
    forgotten_event_ids: [],
    clipped_outputs: { before_seq: first.seq, characters },
  });
}

/** Old outputs keep head and tail: where a command led, and how it ended. */
export const clipOutputs: Condenser = {
  rung: "clip-outputs",
  free: true,
  condense: async (input) => await shortened(input, 2000),
};

/** Of old outputs, only that there was one; what was called stays. */
export const dropOutputs: Condenser = {
  rung: "drop-outputs",
  free: true,
  condense: async (input) => await shortened(input, 0),
};
