import { spawn } from "node:child_process";
import { once } from "node:events";
import { type ExitStatus, SandboxError, type SandboxProcess } from "../sandbox.ts";
import { killGroup } from "./kill-group.ts";

export interface SpawnRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A process with three pipes that leads a process group of its own. @throws SandboxError when it can't be run */
export async function spawnWithPipes(request: SpawnRequest): Promise<SandboxProcess> {
  const [program = "", ...args] = request.argv;
  const child = spawn(program, args, { cwd: request.cwd, env: { ...request.env }, detached: true });
  const exit = new Promise<ExitStatus>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  try {
    await once(child, "spawn");
  } catch (cause) {
    throw new SandboxError(`Cannot run ${program}: ${String(cause)}`, { cause });
  }
  const pid = child.pid ?? 0;
  // Writing to a process that has ended is no news: its exit tells.
  child.stdin.on("error", () => {});
  let ended = false;
  void exit.then(() => (ended = true));
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exit,
    resize: async () => {},
    kill: async (signal) => {
      // Afterwards the number may be another's.
      if (!ended) await killGroup(pid, signal);
    },
  };
}
