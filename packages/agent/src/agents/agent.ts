/** A way to work: what it may do and how it is told to. A file each; the list is in `registry.ts`. */
import type { Tool } from "../tool.ts";

export interface Agent {
  /** as settings and conversations name it */
  readonly name: string;
  /** one sentence, for the person who chooses */
  readonly description: string;
  readonly tools: readonly Tool[];
  /** what the system prompt says beyond what every agent is told; empty for nothing */
  readonly instructions: string;
}
