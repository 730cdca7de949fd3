/** The guards in the order in which they are asked. A new guard: a file here and a name below. */
import type { Guard } from "./guard.ts";
import { iterations } from "./iterations.ts";

export const guards: readonly Guard[] = [iterations];
