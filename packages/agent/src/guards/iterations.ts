import type { Stats } from "@openhands/protocol";
import type { Guard } from "./guard.ts";

/** Ends a run that takes more steps than allowed. A step is an answer of the model, of use or not. */
export const iterations: Guard = ({ state, maxIterations }) => {
  const steps = answers(state.stats) - answers(state.statsBefore);
  if (steps < maxIterations) return null;
  const detail = `It has taken ${steps} steps, the most that one run may take. Send a message to let it go on, or raise the limit in the settings.`;
  return { kind: "stop", status: "error", code: "MaxIterationsReached", detail };
};

const answers = ({ usage_to_metrics: uses }: Stats): number => uses["agent"]?.calls ?? 0;
