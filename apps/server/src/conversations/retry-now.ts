import { AppError } from "@openhands/protocol";
import type { Session } from "./session.ts";

/** The next try of the model call begins without waiting any longer. @throws AppError `wrong_state` when none is waited for */
export function retryNow(session: Session): void {
  if (session.retryNow === null)
    throw new AppError("wrong_state", "No try of the model is waited for in this conversation.");
  session.retryNow();
}
