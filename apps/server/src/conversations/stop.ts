/** The ways to stop: at the next safe point, or now. */
import { Interrupted } from "./run.ts";
import type { Session } from "./session.ts";

/** The run ends before its next model call. Without a run, nothing to do. */
export function pause(session: Session): void {
  if (session.run !== null) session.run.pauseRequested = true;
}

/** Aborts the model's stream and the command's process group, closes the open actions; resolves when that is on disk. */
export async function interrupt(session: Session, by: "person" | "shutdown" = "person"): Promise<void> {
  const active = session.run;
  if (active === null) return;
  active.ending = true;
  active.controller.abort(new Interrupted(by));
  await active.done;
}
