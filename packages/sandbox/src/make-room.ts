/** Starting what the tools need where the agent's processes have left no room for it. */
import { SandboxGone } from "./guest/guest-exec.ts";
import { type Sandbox, SandboxError } from "./sandbox.ts";

/**
 * Calls `start`; where the sandbox refuses, every process in it is ended (a fork bomb leaves no other way) and it is
 * called once more.
 * @throws SandboxError
 */
export async function makingRoom<Started>(sandbox: Sandbox, start: () => Promise<Started>): Promise<Started> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof SandboxError) || error instanceof SandboxGone) throw error;
    await sandbox.endProcesses();
    return start();
  }
}
