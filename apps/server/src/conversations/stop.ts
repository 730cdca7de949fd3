/** The ways to stop: at the next safe point, or now. */
import type { Clock } from "../clock.ts";
import { Interrupted, pauseBetweenTries } from "./run.ts";
import type { Session } from "./session.ts";

/** The run ends before its next model call, or its next try of one. Without a run, nothing to do. */
export function pause(session: Session): void {
  if (session.run === null) return;
  session.run.pauseRequested = true;
  session.announce();
  pauseBetweenTries(session);
}

/** Aborts the model's stream and the command's process group, closes the open actions; resolves when that is on disk. */
export async function interrupt(session: Session, by: "person" | "shutdown" = "person"): Promise<void> {
  const active = session.run;
  if (active === null) return;
  active.ending = true;
  active.controller.abort(new Interrupted(by));
  await active.done;
}

/** The server stops: what runs may end within `seconds`, nothing follows it, and what takes longer is aborted. */
export async function stopWithin(
  clock: Pick<Clock, "after">,
  session: Session,
  seconds: number,
): Promise<void> {
  const active = session.run;
  if (active === null) return;
  active.pauseRequested = true;
  const callOff = clock.after(seconds * 1000, () => void interrupt(session, "shutdown"));
  await active.done;
  callOff();
}
