/** The processes of a bubblewrap sandbox, as this machine sees them: a test's hand on a sandbox that dies or freezes. */
import { execFile } from "node:child_process";
import { readdir, readlink } from "node:fs/promises";
import { promisify } from "node:util";

/** Ends the sandbox, as a machine short of memory would. */
export async function killSandbox(conversationId: string): Promise<void> {
  for (const pid of await holders(conversationId)) signal(pid, "SIGKILL");
}

/** Whatever is asked of the sandbox from now on finds nobody who answers. */
export async function freezeSandbox(conversationId: string): Promise<void> {
  for (const pid of await inside(conversationId)) signal(pid, "SIGSTOP");
}

/** The bwrap that holds the sandbox, and its child. */
async function holders(conversationId: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)("pgrep", ["--full", `bwrap.*${conversationId}`]);
  return stdout.trim().split("\n").map(Number);
}

/** All that live in its numbering of processes. */
async function inside(conversationId: string): Promise<number[]> {
  const ours = await numberingOf(process.pid);
  const theirs = await Promise.all((await holders(conversationId)).map(numberingOf));
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const numberings = await Promise.all(pids.map(numberingOf));
  return pids.filter((_, index) => {
    const own = numberings[index] ?? null;
    return own !== null && own !== ours && theirs.includes(own);
  });
}

/** null for a process that has gone meanwhile */
async function numberingOf(pid: number): Promise<string | null> {
  return await readlink(`/proc/${pid}/ns/pid`).catch(() => null);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
