/** A guard looks before each model call whether the run may go on. A file each; the list is in `registry.ts`. */
import type { ConversationState, Stats } from "@openhands/protocol";
import type { RecentSteps } from "../recent-steps.ts";

export interface GuardInput {
  readonly state: ConversationState;
  readonly recent: Pick<RecentSteps, "steps" | "said" | "nudged">;
  /** model calls of this run so far */
  readonly steps: number;
  readonly maxIterations: number;
  /** US dollars that this run may cost; null: no limit */
  readonly maxBudget: number | null;
  /** the ledger as it was when this run began */
  readonly statsBefore: Stats;
}

/** Ends the run. */
export interface GuardStop {
  readonly kind: "stop";
  readonly status: "error" | "stuck";
  /** as in V1's ConversationErrorEvent */
  readonly code: string;
  /** what happened and what to do, for the person */
  readonly detail: string;
}

/** Tells the model something that it should know before it goes on. */
export interface GuardNudge {
  readonly kind: "nudge";
  readonly message: string;
}

/** null: go on. */
export type Guard = (input: GuardInput) => GuardStop | GuardNudge | null;
