/**
 * Where the agent's processes have left no room for what the tools need, every process in the sandbox is ended: a fork
 * bomb leaves no other way.
 */
import { setTimeout as delay } from "node:timers/promises";
import { SandboxGone } from "./guest/guest-exec.ts";
import { type Sandbox, SandboxError } from "./sandbox.ts";

/** Milliseconds. What waits in a sandbox filled with forks of python3 waited for 20 to 130 s (tried). */
const patience = 5000;

/**
 * Calls `start`; where the sandbox refuses, makes room and calls it once more.
 * @throws SandboxError
 */
export async function makingRoom<Started>(sandbox: Sandbox, start: () => Promise<Started>): Promise<Started> {
  try {
    return await relieved(sandbox, start());
  } catch (error) {
    if (!(error instanceof SandboxError) || error instanceof SandboxGone) throw error;
    await sandbox.endProcesses();
    return relieved(sandbox, start());
  }
}

/**
 * Waits for `work` in the sandbox, and makes room as often as it has been pending for some seconds while the sandbox is
 * full: then it goes on, or ends with the process that it waited for.
 */
export async function relieved<Result>(sandbox: Sandbox, work: Promise<Result>): Promise<Result> {
  let isLooking = false;
  const look = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    // who waits hears of a sandbox that has gone by itself
    void relieve(sandbox)
      .catch(() => undefined)
      .then(() => (isLooking = false));
  }, patience);
  look.unref();
  try {
    return await work;
  } finally {
    clearInterval(look);
  }
}

/** A full sandbox in which processes still start does what it is there for; what is slow in it is left alone. */
async function relieve(sandbox: Sandbox): Promise<void> {
  if ((await isFull(sandbox)) && !(await startsAnything(sandbox, patience))) await sandbox.endProcesses();
}

/** Whether a process starts in the sandbox within so many `milliseconds`. */
export async function startsAnything(sandbox: Sandbox, milliseconds: number): Promise<boolean> {
  return Promise.race([startsTrue(sandbox), delay(milliseconds, false, { ref: false })]);
}

async function startsTrue(sandbox: Sandbox): Promise<boolean> {
  try {
    const nothing = await sandbox.spawn(["true"], { cwd: "/" });
    nothing.stdout.resume();
    nothing.stderr.resume();
    return true;
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return false;
  }
}

/** A shell and what it calls take a few processes. */
const lastProcesses = 16;
/** Where the kernel ends a process as soon as another is made, it stays at some nine tenths (tried). */
const lastMemory = 0.9;

async function isFull(sandbox: Sandbox): Promise<boolean> {
  const { processes: most, memory_mb: memory } = sandbox.limits;
  if (most === null && memory === null) return false;
  const now = await sandbox.stats();
  const isFullOfProcesses = most !== null && now.processes > most - lastProcesses;
  return (
    isFullOfProcesses ||
    (now.memory_limit_bytes !== null && now.memory_bytes > lastMemory * now.memory_limit_bytes)
  );
}
