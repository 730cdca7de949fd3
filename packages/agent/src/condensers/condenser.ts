/** A rung of the ladder: one way to make room. A file each; the order is in `registry.ts`. */
import type { ModelCall } from "@openhands/protocol";
import type { Tombstone } from "../history/condensed.ts";
import type { Entry } from "../history/entry.ts";
import type { Room } from "./room.ts";

/** A rung must leave at most this much of the history. */
const mostLeft = 0.9;

/** Of so many characters of history so many are left: whether that was worth a rung. */
export const savesEnough = (before: number, after: number): boolean => after <= before * mostLeft;

export interface CondenserInput {
  readonly entries: readonly Entry[];
  readonly room: Room;
  /** Answers as the model of the conversation. @throws ModelError; the signal's reason */
  readonly summarise: (instructions: string, history: string) => Promise<Summary>;
}

export interface Summary {
  readonly text: string;
  readonly responseId: string;
  readonly call: ModelCall;
}

export interface Condensed extends Tombstone {
  readonly summary_offset?: number;
  readonly llm_response_id?: string;
}

export interface Condenser {
  /** as the event names it */
  readonly rung: string;
  /** It does without the model, and can be tried at no cost. */
  readonly free: boolean;
  /** What it leaves out is told nowhere: not taken to make a little more room. Default: false */
  readonly isLastResort?: boolean;
  /** null: there is nothing that it could leave out */
  condense(input: CondenserInput): Promise<Condensed | null>;
}
