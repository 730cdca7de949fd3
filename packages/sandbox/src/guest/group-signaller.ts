/**
 * Signals process groups inside a sandbox through one resident shell, whose `read`, `kill` and `echo` are its own: so a
 * signal takes no time to speak of (an exec of an engine takes 60 ms), and arrives where a fork bomb has used up the
 * number of processes that the sandbox may have and nothing can be started in it any more (tried).
 */
import { createInterface } from "node:readline";
import { SandboxError } from "../sandbox.ts";
import type { GuestExec } from "./guest-exec.ts";

const loop = 'while read -r name group; do kill -s "$name" -- "-$group" 2>/dev/null; echo "$group"; done';

/** A shell that was stopped answers never; one whose sandbox has no memory left took up to ten seconds (tried). */
const answerSeconds = 20;

interface Resident {
  /** false when it is gone */
  signal(name: string, group: number): Promise<boolean>;
}

export class GroupSignaller {
  readonly #exec: GuestExec;
  #resident: Promise<Resident> | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(exec: GuestExec) {
    this.#exec = exec;
  }

  /** Has the shell started before it is needed. A failure shows when it is. */
  warm(): void {
    this.#open().catch(() => {
      this.#resident = null;
    });
  }

  /**
   * A group that is gone is no error.
   * @throws SandboxGone
   * @throws SandboxError when the sandbox can't be made to do it
   */
  send(signal: string, group: number): Promise<void> {
    const sent = this.#turn.then(() => this.#send(signal.replace(/^SIG/, ""), group));
    this.#turn = sent.catch(() => undefined);
    return sent;
  }

  /** Ends every process in the sandbox but its first and the resident shell. @throws as {@link send} */
  endAll(): Promise<void> {
    // kill knows no group 1 here: to -1 means to everyone but itself and the first, and no fork slips through
    return this.send("SIGKILL", 1);
  }

  async #send(name: string, group: number): Promise<void> {
    // an agent that kills everything kills the shell too: then another is started
    for (let attempt = 0; attempt < 2; attempt += 1) {
      try {
        if (await (await this.#open()).signal(name, group)) return;
      } catch (error) {
        this.#resident = null;
        throw error;
      }
      this.#resident = null;
    }
    throw new SandboxError("The process could not be ended: nothing more can be started in the sandbox.");
  }

  #open(): Promise<Resident> {
    this.#resident ??= startResident(this.#exec);
    return this.#resident;
  }
}

async function startResident(exec: GuestExec): Promise<Resident> {
  const streams = await exec(["sh", "-c", loop], {});
  streams.stderr?.resume();
  streams.stdout.once("error", () => streams.close());
  const lines = createInterface({ input: streams.stdout })[Symbol.asyncIterator]();
  return {
    async signal(name, group) {
      streams.stdin.write(`${name} ${group}\n`);
      const late = setTimeout(() => streams.close(), answerSeconds * 1000);
      const { done, value } = await lines.next();
      clearTimeout(late);
      // an engine that could not start the shell says so in its place
      return !done && value === String(group);
    },
  };
}
