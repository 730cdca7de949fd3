/** How a run ended, as a script sees it. */
import type { ConversationInfo } from "@openhands/protocol";

export const exitCode = { finished: 0, failed: 1, needsPerson: 2, limit: 3, timeout: 4 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

const limitCodes: ReadonlySet<string> = new Set(["MaxBudgetReached", "MaxIterationsReached"]);

/** null while the run goes on */
export function exitCodeOf(info: Pick<ConversationInfo, "execution_status" | "error">): ExitCode | null {
  switch (info.execution_status) {
    case "idle":
    case "running":
      return null;
    case "finished":
      return exitCode.finished;
    case "paused":
    case "waiting_for_confirmation":
      return exitCode.needsPerson;
    case "error":
      return limitCodes.has(info.error?.code ?? "") ? exitCode.limit : exitCode.failed;
    case "stuck":
      return exitCode.failed;
  }
}
