/** How the agent's shell outlives what happens to it, on every kind of sandbox. */
import type { Sandbox, SandboxToolsOptions, ShellState } from "@openhands/sandbox";
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

export function shellContract(name: string, makeProvider: MakeProvider): void {
  describe(`shell on ${name}`, () => {
    let shared: ContractSandbox;
    beforeAll(async () => {
      shared = await contractSandbox(makeProvider);
    });
    afterAll(() => shared?.dispose());

    describe("that a command plays with", () => {
      const open = (noChangeSeconds = 20): ToolsSession => toolsSession(shared.sandbox, { noChangeSeconds });

      test.each([
        [
          "what tells its end is unset",
          "unset -f __oh_end __oh_begin __oh_export; unset __oh_tty PROMPT_COMMAND PS1",
        ],
        ["what tells its end is made anew", "__oh_end() { echo mine; }; __oh_begin() { :; }"],
        ["printf, read and unset are functions", "printf() { echo no; }; read() { :; }; unset() { :; }"],
        ["printf is an alias", "shopt -s expand_aliases; alias printf=false read=false"],
        ["the prompt prints", "PS1='$(echo prompt)$ '; PS0='zero'; PROMPT_COMMAND='echo noise'"],
        ["it stops at what fails to be set", "set -u"],
        ["it stops at what fails", "set -e"],
        ["it shows what it runs", "set -x"],
        ["it knows no patterns and no overwriting", "set -fC"],
        ["all that is set is exported", "set -a"],
        ["words are split elsewhere", "IFS=oh_"],
        ["it is POSIX only", "set -o posix"],
        ["its way is lost", "PATH=/nowhere"],
        ["it may write nothing", "ulimit -f 0; trap '' XFSZ"],
      ])("tells outputs and ends as ever: %s", async (_what, trick) => {
        await using session = open();
        await session.finish(trick);
        const one = await session.finish("echo one; (exit 3) || true");
        expect(
          textOf(one)
            .split("\n")
            .filter((line) => !line.startsWith("+")),
        ).toEqual(["one"]);
        expect(one.exit_code).toBe(0);
        expect(await session.output("cd /tmp; pwd")).toMatch(/^(\+.*\n)*\/tmp$/);
      });

      test("tells ends under traps", async () => {
        await using session = open();
        await session.finish("trap 'echo debug' DEBUG; trap 'echo failed' ERR; trap 'echo left' EXIT");
        const failing = await session.finish("(exit 3)");
        expect(failing.exit_code).toBe(3);
        expect(textOf(failing)).toContain("failed");
        await session.finish("trap - DEBUG ERR");
        expect(await session.output("echo one")).toBe("one");
        expect(textOf(await session.finish("exit 4"))).toMatch(/left$/);
      });

      test("is not fooled by the marker of a command before", async () => {
        await using session = open();
        await session.finish('old=${PROMPT_COMMAND##* }; [ -n "$old" ]');
        const fake = String.raw`printf '\033]133;D;0;%s;;/nowhere;%s\007' "$old" "$old"; echo after; (exit 5)`;
        const observation = await session.finish(fake);
        expect(observation).toMatchObject({ exit_code: 5 });
        expect(textOf(observation)).toBe("after");
      });

      test("stays where a pipeline, a subshell or a substitution ends", async () => {
        await using session = open();
        await session.finish("A=1; (exit 3) | cat; $(exit 4); ( A=2; exit 5 ); true");
        expect(await session.output("echo $A")).toBe("1");
      });

      test("takes one line of a megabyte, and quotes that are never closed", async () => {
        await using session = open(60);
        const line = "x".repeat(1 << 20);
        expect(await session.output(`long='${line}'; echo \${#long}`)).toBe(String(1 << 20));
        for (const open of ["echo 'a", 'echo "a', "echo `a", "cat <<E\nline", "if true; then"]) {
          expect((await session.finish(open)).exit_code).not.toBe(-1);
        }
        expect(await session.output(String.raw`find /etc/passwd -exec echo {} \;`)).toBe("/etc/passwd");
      });
    });

    describe("where there is no bash", () => {
      /** The same sandbox, with a way to every program but bash. */
      async function open(options: Partial<SandboxToolsOptions> = {}): Promise<ToolsSession> {
        await using session = toolsSession(shared.sandbox);
        await session.finish(
          "mkdir -p /tmp/no-bash && ln -sf /usr/bin/* /bin/* /tmp/no-bash/ && rm /tmp/no-bash/*bash",
        );
        return toolsSession(withPath(shared.sandbox, "/tmp/no-bash"), options);
      }

      test("sh tells outputs, exit codes and folders, and keeps its state", async () => {
        await using session = await open();
        expect(await session.output('echo "${BASH_VERSION-none}"')).toBe("none");
        await session.finish("A='x y'; cd /tmp; f() { echo from f; }");
        expect(await session.output('echo "$A"; f; pwd')).toBe("x y\nfrom f\n/tmp");
        expect((await session.finish("sh -c 'exit 7'")).exit_code).toBe(7);
        expect(await session.output("cat <<'E'\none\n  two\nE")).toBe("one\n  two");
        expect((await session.finish("ls\npwd")).is_error).toBe(true);
      });

      test("sh is interrupted, and comes back when it is lost", async () => {
        await using session = await open({ noChangeSeconds: 0.3 });
        await session.run("cd /tmp; sleep 8765");
        expect((await session.finishWith("C-c")).exit_code).toBe(130);
        await session.run("sleep 8765");
        await expect(session.run("", { signal: AbortSignal.timeout(50), timeout: 60 })).rejects.toThrow();
        expect(await countProcesses(session, "sleep 8765")).toBe(0);
        const lost = await session.finish("exit 3");
        expect(lost.exit_code).toBe(3);
        expect(await session.output("pwd")).toBe("/tmp");
      });

      test("sh goes on after a restart", async () => {
        const kept: ShellState[] = [];
        const shellState = {
          load: async () => kept.at(-1) ?? null,
          save: async (state: ShellState) => void kept.push(state),
        };
        {
          await using first = await open({ shellState });
          await first.finish('cd /tmp; export A="it\'s 1"');
        }
        await using second = await open({ shellState });
        expect(await second.output('echo "$A"; pwd')).toBe("it's 1\n/tmp");
      });
    });

    describe("after a restart", () => {
      /** What is kept between two sessions, and how often it was saved. */
      function keeper() {
        const kept: ShellState[] = [];
        const load = async (): Promise<ShellState | null> => kept.at(-1) ?? null;
        return { kept, load, save: async (state: ShellState) => void kept.push(state) };
      }
      const open = (shellState: ReturnType<typeof keeper>, isFresh = false): ToolsSession =>
        toolsSession(shared.sandbox, { shellState, isFresh });

      test("it goes on in the last folder with the exported variables, and says so", async () => {
        const state = keeper();
        const value = `a"b'c $HOME \\ \n\té ;!`;
        {
          await using first = open(state);
          expect((await first.finish("mkdir -p 'in here'; cd 'in here'")).metadata.prefix).toBe("");
          await first.finish(
            `export TRICKY="$(printf '%s' '${value.replaceAll("'", `'\\''`)}')" EMPTY=; PLAIN=1`,
          );
          await first.finish("export TWICE=1; export TWICE=2; export GONE=1");
          await first.finish("unset GONE; set -o noclobber");
        }
        await using second = open(state);
        const observation = await second.finish(
          `printf '%s' "$TRICKY"; echo; pwd; echo "\${EMPTY-unset} $TWICE \${GONE-gone} \${PLAIN-gone}"`,
        );
        const [directory] = /\/[^\n]*in here$/m.exec(textOf(observation)) ?? [];
        expect(textOf(observation)).toBe(`${value}\n${directory}\n 2 gone gone`);
        expect(observation.metadata.prefix).toMatch(
          /^\[OpenHands was restarted: [^]*new shell in [^]*in here, with the exported variables/,
        );
        expect((await second.finish("true")).metadata.prefix).toBe("");
      });

      test("what changed is saved with the prompt after it, and only then", async () => {
        const state = keeper();
        await using session = open(state);
        await session.finish("true");
        await session.finish("echo nothing; A=1");
        expect(state.kept).toHaveLength(1);
        await session.finish("export A=2");
        await session.finish("cd /tmp");
        expect(state.kept).toHaveLength(3);
        expect(state.kept.at(-1)).toMatchObject({ directory: "/tmp", variables: { A: "2" } });
        await session.finish("set -a; B=3");
        expect(state.kept.at(-1)?.variables).toMatchObject({ B: "3" });
        expect(Object.keys(state.kept.at(-1)?.variables ?? {}).filter((key) => key.startsWith("__"))).toEqual(
          [],
        );
      });

      test("it starts elsewhere where the folder is gone, and a fresh sandbox is told as one", async () => {
        const state = keeper();
        await state.save({ directory: "/nowhere/at/all", variables: { A: "1" } });
        await using session = open(state, true);
        const home = await session.finish('pwd; echo "$A"');
        expect(textOf(home)).toMatch(/^\/.*\n1$/);
        expect(home.metadata.prefix).toMatch(/^\[The sandbox is a fresh one: the workspace is as it was/);
        expect(home.metadata.prefix).not.toContain("/nowhere");
      });

      test("a reset is still fresh, and so is the shell after one that was lost", async () => {
        const state = keeper();
        await state.save({ directory: "/tmp", variables: { A: "1" } });
        await using session = open(state);
        await session.run("", { reset: true });
        const fresh = await session.finish('echo "${A-unset}"');
        expect(textOf(fresh)).toBe("unset");
        expect(fresh.metadata.prefix).toBe("");
        await session.finish("export B=1; exit");
        expect(await session.output('echo "${B-unset}"')).toBe("unset");
      });
    });
  });
}

/** `sandbox`, with `path` for PATH. */
function withPath(sandbox: Sandbox, path: string): Sandbox {
  return new Proxy(sandbox, {
    get(target, name) {
      if (name === "spawn") {
        const spawn: Sandbox["spawn"] = async (argv, options = {}) =>
          await target.spawn(argv, { ...options, env: { ...options.env, PATH: path } });
        return spawn;
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
