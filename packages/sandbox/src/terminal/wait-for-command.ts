import type { CommandOutcome, RunningCommand } from "./running-command.ts";

export type WaitResult = CommandOutcome | { readonly kind: "silent" } | { readonly kind: "timeout" };

export interface WaitLimits {
  /** null: silence is no reason to return */
  readonly noChangeSeconds: number | null;
  readonly timeoutSeconds: number | null;
}

/** Until the command ends or a limit passes, whichever is first. @throws the signal's reason */
export function waitForCommand(
  command: RunningCommand,
  limits: WaitLimits,
  signal: AbortSignal,
): Promise<WaitResult> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const timers: NodeJS.Timeout[] = [];
    const settle = (act: () => void): void => {
      timers.forEach(clearTimeout);
      signal.removeEventListener("abort", onAbort);
      command.onOutput = () => {};
      act();
    };
    const onAbort = (): void => settle(() => reject(signal.reason));
    const after = (seconds: number, kind: "silent" | "timeout"): NodeJS.Timeout => {
      const timer = setTimeout(() => settle(() => resolve({ kind })), seconds * 1000);
      timers.push(timer);
      return timer;
    };
    signal.addEventListener("abort", onAbort);
    if (limits.timeoutSeconds !== null) after(limits.timeoutSeconds, "timeout");
    if (limits.noChangeSeconds !== null) {
      const silence = after(limits.noChangeSeconds, "silent");
      command.onOutput = () => void silence.refresh();
    }
    void command.outcome.then((outcome) => settle(() => resolve(outcome)));
  });
}
