/** One request on its way into a sandbox. */
import type { ClientRequest } from "node:http";
import { AppError } from "@openhands/protocol";
import type { Session } from "../conversations/session.ts";
import type { Forwarding } from "./forwarded-headers.ts";
import { foreseen } from "./preview-answers.ts";
import type { PreviewTarget } from "./preview-target.ts";

export interface Passage {
  readonly session: Session;
  readonly target: PreviewTarget;
  readonly forwarding: Forwarding;
  readonly path: string;
  /** after which a server that was asked counts as one that does not answer */
  readonly answerSeconds: number;
}

/** A connection into a sandbox knows no timeouts of its own. */
export const endInTime = (inside: ClientRequest, { target, answerSeconds }: Passage): NodeJS.Timeout =>
  setTimeout(() => inside.destroy(noAnswer(target, answerSeconds)), answerSeconds * 1000).unref();

const noAnswer = ({ port }: PreviewTarget, seconds: number): AppError =>
  new AppError(
    "unavailable",
    `The server on port ${port} in the sandbox did not answer within ${seconds} seconds. The setting preview_answer_seconds says how long it may take.`,
  );

/** Why there is no answer, as a sentence for the person. */
export const brokeOff = ({ port }: PreviewTarget, cause: Error): Error =>
  foreseen(cause) === null
    ? new AppError(
        "unavailable",
        `The server on port ${port} in the sandbox did not answer as a web server does.`,
        { cause },
      )
    : cause;
