import type { Guard } from "./guard.ts";

/** Ends a run that takes more steps than allowed. */
export const iterations: Guard = ({ steps, maxIterations }) =>
  steps < maxIterations
    ? null
    : {
        kind: "stop",
        status: "error",
        code: "MaxIterationsReached",
        detail: `It has taken ${steps} steps, the most that one run may take. Send a message to let it go on, or raise the limit in the settings.`,
      };
