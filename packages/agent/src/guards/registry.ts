/** The guards in the order in which they are asked. A new guard: a file here and a name below. */
import { budget } from "./budget.ts";
import type { Guard } from "./guard.ts";
import { iterations } from "./iterations.ts";
import { stuck } from "./stuck.ts";

export const guards: readonly Guard[] = [iterations, budget, stuck];
