/**
 * Repetition that leads nowhere: the same action with the same result, two actions in turn, or talk without action. The
 * model is told once; what goes on after that ends the run as stuck. Waiting and polling may repeat for ever.
 */
import type { RecentStep } from "../recent-steps.ts";
import type { Guard, GuardInput } from "./guard.ts";

/** How often something may come before the model is told, and before the run ends: V1's numbers. */
const same = { nudge: 3, stop: 4 };
const inTurn = { nudge: 4, stop: 6 };
const talk = { nudge: 2, stop: 3 };

export const stuck: Guard = ({ recent }) => {
  const found = repetition(recent);
  if (found === null) return null;
  if (!recent.nudged) {
    const message = `You repeat yourself: ${found.what}. It will not turn out differently. Say what you are trying to reach, and try another way; if there is none, tell the person what is in the way.`;
    return { kind: "nudge", message };
  }
  if (!found.over) return null;
  return {
    kind: "stop",
    status: "stuck",
    code: "Stuck",
    detail: `It repeats itself: ${found.what}, also after it was told so. Send a message that says how to go on.`,
  };
};

interface Repetition {
  readonly what: string;
  /** often enough to end the run */
  readonly over: boolean;
}

function repetition({ steps, said }: GuardInput["recent"]): Repetition | null {
  const times = countFromEnd(steps, (step) => repeats(step, steps.at(-1)));
  if (times >= same.nudge) {
    const result = steps.at(-1)?.failed === true ? "error" : "result";
    return { what: `the same action with the same ${result}, ${times} times`, over: times >= same.stop };
  }
  const alternating = countFromEnd(steps, (step, index) =>
    repeats(step, steps.at(index % 2 === 0 ? -1 : -2)),
  );
  if (alternating >= inTurn.nudge)
    return { what: `two actions in turn, ${alternating} times`, over: alternating >= inTurn.stop };
  if (said >= talk.nudge) return { what: `${said} messages without an action`, over: said >= talk.stop };
  return null;
}

/** How many steps in a row fit, counted from the newest. `index`: 0 for the newest. */
function countFromEnd(
  steps: readonly RecentStep[],
  fits: (step: RecentStep, index: number) => boolean,
): number {
  const index = steps.toReversed().findIndex((step, at) => !fits(step, at));
  return index === -1 ? steps.length : index;
}

function repeats(step: RecentStep, other: RecentStep | undefined): boolean {
  if (other === undefined || step.waits || other.waits || step.result === null) return false;
  return step.action === other.action && step.result === other.result;
}
