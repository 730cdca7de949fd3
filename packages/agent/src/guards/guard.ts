/** A guard looks before each model call whether the run may go on. A file each; the list is in `registry.ts`. */
import type { ConversationState } from "@openhands/protocol";

export interface GuardInput {
  readonly state: ConversationState;
  /** model calls of this run so far */
  readonly steps: number;
  readonly maxIterations: number;
}

export interface GuardStop {
  /** as in V1's ConversationErrorEvent */
  readonly code: string;
  /** what happened and what to do, for the person */
  readonly detail: string;
}

/** null: go on. */
export type Guard = (input: GuardInput) => GuardStop | null;
