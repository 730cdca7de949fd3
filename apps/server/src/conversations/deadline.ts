/** How long one run may take, whatever it waits for. */
import type { Dependencies } from "./dependencies.ts";
import type { ActiveRun } from "./session.ts";

/** Why a run was aborted; `message` is for the person. */
export class DeadlinePassed extends Error {
  constructor(seconds: number) {
    super(
      `It took longer than the ${seconds} seconds that one run may take. Send a message to let it go on, or raise max_run_seconds in the settings.`,
    );
    this.name = "DeadlinePassed";
  }
}

/** The run is aborted when its time is over. @returns what calls that off */
export function endAtDeadline(
  { settings, clock }: Pick<Dependencies, "settings" | "clock">,
  active: ActiveRun,
): () => void {
  const seconds = settings.settings.max_run_seconds;
  if (seconds === null) return () => undefined;
  return clock.after(seconds * 1000, () => {
    active.ending = true;
    active.controller.abort(new DeadlinePassed(seconds));
  });
}
