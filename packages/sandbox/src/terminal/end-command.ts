/** Ends a command with everything it has started: asked kindly, then firmly, then not asked. */
import { setTimeout as delay } from "node:timers/promises";
import type { Helper } from "../helper/helper.ts";
import { commandProcesses, keyOf, parseProcesses, type ProcessKey } from "./process-tree.ts";
import type { RunningCommand } from "./running-command.ts";

/** The last one leaves nothing to the processes; what takes time then is a busy machine. */
const ladder = [
  { signal: "INT", steps: 1 },
  { signal: "TERM", steps: 1 },
  { signal: "KILL", steps: 2.5 },
] as const;

/** How often it is looked whether all have gone, milliseconds. */
const lookEvery = 40;

export interface Ending {
  readonly helper: Helper;
  readonly shellPid: number;
  readonly command: RunningCommand;
  /** how long the first two signals are given; the last one two and a half times that */
  readonly stepSeconds: number;
}

/** @returns whether the shell is back at its prompt; false: it must be replaced */
export async function endCommand(ending: Ending): Promise<boolean> {
  const known = new Set<ProcessKey>();
  for (const { signal, steps } of ladder) {
    const deadline = performance.now() + steps * ending.stepSeconds * 1000;
    if (await endedAfter(signal, deadline, ending, known)) return isBack(ending.command);
  }
  return false;
}

/** Whether the shell waits for the next command. */
function isBack({ settled }: RunningCommand): boolean {
  return settled?.kind === "ended" || settled?.kind === "declined";
}

/** @param known grows by the processes that are found */
async function endedAfter(
  signal: (typeof ladder)[number]["signal"],
  deadline: number,
  { helper, shellPid, command }: Ending,
  known: Set<ProcessKey>,
): Promise<boolean> {
  const signalled = new Set<ProcessKey>();
  for (;;) {
    const rows = parseProcesses(await helper.processes());
    // one that has not begun has started nothing of its own
    const since = Math.floor((command.facts?.uptime ?? Infinity) * 100);
    const alive = commandProcesses(rows, { shell: shellPid, since, known });
    if (command.settled && alive.length === 0) return true;
    const fresh = alive.filter((row) => !signalled.has(keyOf(row)));
    for (const key of fresh.map(keyOf)) {
      known.add(key);
      signalled.add(key);
    }
    await helper.signal(
      signal,
      fresh.map((row) => row.pid),
    );
    // The shell may go on with the rest of a list or a loop: it is interrupted each time.
    if (!command.settled) await helper.signal("INT", [shellPid]);
    if (performance.now() > deadline) return false;
    await Promise.race([command.outcome, delay(lookEvery)]);
    if (command.settled) await delay(lookEvery / 4);
  }
}
