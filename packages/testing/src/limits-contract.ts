/** What an agent can't take from others: more processes and memory than it was given. Tried through its own tools. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type ContractSandbox,
  contractSandbox,
  type MakeProvider,
  textOf,
  type ToolsSession,
  toolsSession,
} from "./tools-session.ts";

const memoryMb = 256;
/** The usual one dies out where its forks fail; this one goes on until it is ended. */
const forkBomb = "bomb() { while :; do bomb & done; }; bomb &";
/** Larger processes: they fill the memory as well, and whatever waits for some waits behind all of them. */
const memoryBomb = "python3 -c 'import os\nwhile True: os.fork()' &";

export function limitsContract(name: string, makeProvider: MakeProvider): void {
  describe(`${name}: the limits of a sandbox`, () => {
    let own: ContractSandbox;
    let session: ToolsSession;

    // each has one of its own: they are filled to the brim
    beforeEach(async () => {
      own = await contractSandbox(makeProvider, { memoryMb });
      session = toolsSession(own.sandbox);
    });

    afterEach(async () => {
      await session[Symbol.asyncDispose]();
      await own.dispose();
    });

    it("leave room for the next command after a fork bomb", async () => {
      await session.run("mkdir -p deep && cd deep");
      await session.run(forkBomb, { timeout: 5 });
      const processes = async (): Promise<number> => (await own.sandbox.stats()).processes;
      await expect.poll(processes).toBeGreaterThan(200);
      let next = await session.run("echo next", { timeout: 20 });
      // the bomb may not have filled the sandbox yet when the command began, or all was ended while it ran
      if (next.exit_code !== 0) next = await session.run("echo next", { reset: true, timeout: 20 });
      expect(textOf(next)).toContain("next");
      expect(next.exit_code).toBe(0);
      // one that goes on has its say on the terminal too
      expect(await session.output("echo again")).toMatch(/^again$/m);
      // a bomb that had not filled the sandbox yet is ended by the first command that finds it full
      const processesAfterCommand = async (): Promise<number> => {
        await session.run("true", { timeout: 20 });
        return await processes();
      };
      await expect.poll(processesAfterCommand).toBeLessThan(50);
    });

    it("leave room for the next command where processes have taken all the memory", async () => {
      await session.run(memoryBomb, { timeout: 5 });
      const memory = async (): Promise<number> => (await own.sandbox.stats()).memory_bytes;
      await expect.poll(memory).toBeGreaterThan(0.7 * memoryMb * 1024 ** 2);
      const next = await session.run("echo next; exit 3", { reset: true, timeout: 20 });
      expect(textOf(next)).toContain("next");
      expect(await session.output("pgrep -c python3 || true")).toBe("0");
    });

    it("leave room for a file to be read while a fork bomb goes on and the helper was ended", async () => {
      await session.run("echo kept > /workspace/kept");
      await session.run("(kill -9 -1); :(){ :|:& };:", { timeout: 5 });
      const view = await session.edit({ command: "view", path: "/workspace/kept" });
      expect(textOf(view)).toContain("kept");
      expect(await session.output("echo after")).toBe("after");
    });

    it("tell of a process that was killed for its memory, name the limit, and let all else go on", async () => {
      await session.run("variable=kept; sleep 1000 &");
      const killed = await session.finish("python3 -c 'bytearray(10 * 1024 ** 3)'; true");
      expect(killed.metadata.suffix).toContain(`memory limit of ${memoryMb} MB`);
      expect(await session.output('echo "$variable"; jobs | wc -l')).toBe("kept\n1");
      const quiet = await session.finish("sleep 0.1");
      expect(quiet.metadata.suffix).not.toContain("memory limit");
    });

    it("let the next command work after every process was killed", async () => {
      await session.run("kill -9 -1");
      expect(await session.output("echo alive")).toBe("alive");
    });
  });
}
