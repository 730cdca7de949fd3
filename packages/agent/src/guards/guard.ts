/** A guard looks before each model call whether the run may go on. A file each; the list is in `registry.ts`. */
import type { ConversationState } from "@openhands/protocol";
import type { RecentSteps } from "../recent-steps.ts";

export interface GuardInput {
  /** with the ledger, and how it was when this run began */
  readonly state: Pick<ConversationState, "stats" | "statsBefore">;
  readonly recent: Pick<RecentSteps, "steps" | "said" | "nudged">;
  readonly maxIterations: number;
  /** US dollars that this run may cost; null: no limit */
  readonly maxBudget: number | null;
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
