/** Small texts for the shell lie in memory, larger ones on the disk: either may be full, or be taken away. */
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type ContractSandbox,
  contractSandbox,
  textOf,
  type ToolsSession,
  toolsSession,
} from "@openhands/testing";
import { createDockerProvider } from "../docker/docker-provider.ts";
import type { ShellState } from "../tools.ts";

let own: ContractSandbox;
let session: ToolsSession;
const states: ShellState[] = [];

beforeAll(async () => {
  const provider = createDockerProvider({
    engine: { dockerHost: process.env["DOCKER_HOST"], home: homedir() },
    instance: randomBytes(6).toString("hex"),
    runtimeFolder: new URL("../../../../runtime", import.meta.url).pathname,
  });
  own = await contractSandbox(() => provider);
  const save = async (state: ShellState): Promise<void> => void states.push(state);
  session = toolsSession(own.sandbox, { shellState: { load: async () => null, save } });
});

afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await own.dispose();
});

const whereCommandsLie = async (): Promise<string> => session.output('printf "%s" "${__oh_folder%/*}"');

async function createAndRead(size: number): Promise<string> {
  const path = `/workspace/${randomBytes(6).toString("hex")}`;
  const file = "x".repeat(size);
  const created = await session.edit({ command: "create", path, file_text: file });
  expect(textOf(created)).toBe(`File created successfully at: ${path}`);
  return session.output(`wc -c <${path}`);
}

it("the folder for larger ones is made again when it was removed", async () => {
  expect(await whereCommandsLie()).toBe("/dev/shm");
  await session.finish("rm -r /tmp/openhands.*");
  expect(await createAndRead(100_000)).toBe("100000");
  expect(await createAndRead(10)).toBe("10");
});

it("where memory has no room for a command or a file, they lie on the disk", async () => {
  await session.finish("head -c 100M /dev/zero >/dev/shm/fill 2>/dev/null");
  const long = `: ${"y".repeat(100_000)}; echo done`;
  expect(await session.output(long)).toBe("done");
  expect(await whereCommandsLie()).toBe("/tmp");
  expect(await createAndRead(10)).toBe("10");
  await session.finish("export KEPT=1; rm /dev/shm/fill");
  expect(await session.output('echo "$KEPT"')).toBe("1");
});

it("what was exported is saved though the helper was killed, and took its folders along", async () => {
  await session.finish("export KEPT=2; pkill -TERM -f '# The resident helper'");
  await session.finish("true");
  expect(states.at(-1)?.variables).toMatchObject({ KEPT: "2" });
});

it("a command that comes after shell and helper were killed is run, by a new shell", async () => {
  const processes = async (): Promise<number> => (await own.sandbox.stats()).processes;
  await session.finish("true");
  const before = await processes();
  const killing = "kill -9 $(pgrep -f '# The resident helper') $$";
  await session.finish(`(sleep 0.1; ${killing}) >/dev/null 2>&1 &`);
  await expect.poll(processes).toBeLessThan(before);
  const next = await session.finish("echo hello");
  expect(textOf(next)).toBe("hello");
  expect(next.metadata.prefix).toMatch(/^\[The shell had ended, or took no more commands\. A new shell/);
});
