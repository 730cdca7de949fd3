/** The rungs in the order in which they are taken: what costs least of the history first. A new one: a file here and a name below. */
import type { Condenser } from "./condenser.ts";
import { keepTail } from "./keep-tail.ts";
import { clipOutputs, dropOutputs } from "./short-outputs.ts";
import { summarise } from "./summarise.ts";

export const condensers: readonly Condenser[] = [clipOutputs, dropOutputs, summarise, keepTail];
