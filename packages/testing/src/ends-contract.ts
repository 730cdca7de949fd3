/** How commands and shells come to an end that is not their own: reset, lost or stopped, on every kind of sandbox. */
import { SandboxError } from "@openhands/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ContractSandbox,
  contractSandbox,
  countProcesses,
  type MakeProvider,
  textOf,
  type ToolsSession,
  toolsSession,
} from "./tools-session.ts";

export function endsContract(name: string, makeProvider: MakeProvider): void {
  describe(`ends in the terminal on ${name}`, () => {
    let shared: ContractSandbox;
    beforeAll(async () => {
      shared = await contractSandbox(makeProvider);
    });
    afterAll(() => shared?.dispose());
    const open = (noChangeSeconds?: number) =>
      toolsSession(shared.sandbox, noChangeSeconds === undefined ? {} : { noChangeSeconds });

    describe("reset", () => {
      test("gives a fresh shell in the first folder, and ends what runs", async () => {
        await using session = open(0.3);
        const home = await session.output("pwd");
        await session.finish("A=1; cd /tmp");
        await session.run("sleep 9874");
        const observation = await session.run("", { reset: true });
        expect(observation.is_error).toBe(false);
        expect(await session.output('pwd; echo "A=$A"')).toBe(`${home}\nA=`);
        expect(await countProcesses(session, "sleep 9874")).toBe(0);
      });
    });

    describe("a lost shell", () => {
      test.each([
        ["exit 3", 3],
        ["exec true", 0],
        ["set -e; (exit 4)", 4],
        ["kill -9 $$", -1],
      ])("is replaced in its last folder: %s", async (command, exitCode) => {
        await using session = open();
        await session.run("cd /tmp");
        const observation = await session.run(`echo last words; ${command}`);
        expect(textOf(observation)).toMatch(/^last words/);
        expect(observation.metadata.suffix).toMatch(/new shell was started in \/tmp/);
        if (exitCode !== -1) expect(observation.exit_code).toBe(exitCode);
        expect(await session.output("pwd")).toBe("/tmp");
      });

      test("is replaced, and the next command says so, where it was lost between two", async () => {
        await using session = open();
        await using other = open();
        const pid = await session.output("cd /tmp; A=1; echo $$");
        await other.finish(`kill -9 ${pid}`);
        const next = await session.finish('echo "${A-gone}"; pwd');
        expect(textOf(next)).toBe("gone\n/tmp");
        await session.finish("A=1; exec </dev/null");
        expect(await session.output('echo "${A-gone}"')).toBe("gone");
        expect(next.metadata.prefix).toMatch(
          /^\[The shell had ended, or took no more commands\. A new shell was started in \/tmp;/,
        );
        expect((await session.finish("true")).metadata.prefix).toBe("");
      });

      test("comes back when its helper was killed too", async () => {
        await using session = open();
        await session.run("echo x > kept.txt");
        const helper = "grep -q 'resident helper' $p/cmdline";
        await session.run(
          `for p in /proc/[0-9]*; do [ "$(readlink $p/cwd)" = "$PWD" ] && ${helper} && kill -9 \${p#/proc/}; done 2>/dev/null; kill -9 $$`,
        );
        expect(await session.output("cat kept.txt")).toBe("x");
      });

      test("is an error where the sandbox itself is gone", async () => {
        const own = await contractSandbox(makeProvider);
        await using session = toolsSession(own.sandbox, { noChangeSeconds: 0.3 });
        await session.run("sleep 9873");
        await own.dispose();
        await expect(session.run("")).rejects.toBeInstanceOf(SandboxError);
      });
    });

    describe("an abort", () => {
      test.each([
        ["a command", "sleep 8761; echo after"],
        ["one that traps, with children", `sh -c 'trap "" INT TERM; sleep 8761 & sleep 8761'`],
        ["a background child of it", "sleep 8761 & sleep 8761"],
        ["a child in a session of its own", "sh -c 'setsid sleep 8761 & sleep 8761'"],
        ["a loop in the shell", "while :; do sleep 8761; done"],
        ["a busy shell", "while :; do :; done"],
      ])("ends %s and leaves a usable shell", async (_what, command) => {
        await using session = open(0.3);
        await session.finish("KEPT=1; cd /tmp");
        await session.run(command);
        const stop = AbortSignal.timeout(50);
        await expectAborted(session, stop);
        expect(await countProcesses(session, "sleep 8761")).toBe(0);
        const after = await session.finish('echo "$KEPT"; pwd');
        expect(textOf(after)).toBe("1\n/tmp");
      });

      test("replaces a shell that ignores it", async () => {
        await using session = open(0.3);
        await session.run("cd /tmp; trap '' INT; while :; do sleep 0.05; done");
        const stop = AbortSignal.timeout(50);
        await expectAborted(session, stop);
        const after = await session.finish("pwd");
        expect(textOf(after)).toBe("/tmp");
        expect(after.metadata.prefix).toMatch(/new shell was started/);
      });

      test("leaves a usable shell at whatever moment it comes", async () => {
        await using session = open();
        await session.run("KEPT=1");
        for (let moment = 0; moment < 40; moment += 1) {
          const stop = AbortSignal.timeout(moment);
          await expect(session.run("sleep 8761", { signal: stop })).rejects.toThrow("timeout");
        }
        expect(await session.output('echo "$KEPT"')).toBe("1");
      });

      test("spares what an earlier command left running", async () => {
        await using session = open(0.3);
        await session.finish("sleep 8762 & sleep 0.05");
        await session.run("sleep 8761");
        const stop = AbortSignal.timeout(50);
        await expectAborted(session, stop);
        expect(await countProcesses(session, "sleep 8761")).toBe(0);
        expect(await countProcesses(session, "sleep 8762")).toBe(1);
        await session.finish("kill %1");
      });

      test("before the start runs nothing", async () => {
        await using session = open();
        const signal = AbortSignal.abort(new Error("stopped"));
        await expect(session.run("touch never.txt", { signal })).rejects.toThrow("stopped");
        expect(await session.output("ls never.txt 2>/dev/null; true")).toBe("");
      });
    });
  });
}

/** Looks at what runs until the signal ends it. */
async function expectAborted(session: ToolsSession, signal: AbortSignal): Promise<void> {
  const error: unknown = await session.run("", { signal, timeout: 60 }).catch((reason: unknown) => reason);
  expect(signal.aborted).toBe(true);
  expect(error).toBe(signal.reason);
}
