/** How the agent's shell outlives what happens to it, on every kind of sandbox. */
import { PassThrough } from "node:stream";
import type { Sandbox, SandboxProcess, SandboxToolsOptions, ShellState } from "@openhands/sandbox";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
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
          "unset -f __oh_end __oh_begin __oh_export; unset __oh_tty __oh_folder PROMPT_COMMAND PS1; set -u",
        ],
        ["what tells its end is made anew", "__oh_end() { echo mine; }; __oh_begin() { :; }"],
        ["printf, read and unset are functions", "printf() { echo no; }; read() { :; }; unset() { :; }"],
        ["eval and : are functions", "eval() { echo no; }; :() { echo colon; }"],
        ["command is a function", "command() { echo no; }"],
        ["command is an alias", "shopt -s expand_aliases; alias command=false"],
        ["printf is no longer the shell's own", "enable -n printf"],
        ["printf is an alias", "shopt -s expand_aliases; alias printf=false read=false"],
        ["what the prompt runs is read-only", "readonly PROMPT_COMMAND=:"],
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
        ["all variables are unset", 'for v in $(compgen -v); do unset "$v"; done 2>/dev/null'],
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
        expect(await session.output(tooLongForALine("cd /; pwd"))).toMatch(/^(\+.*\n)*\/$/);
      });

      test.each([
        ["of which something of ours cannot be set", "readonly __oh_command"],
        ["that may open no file", "ulimit -n 4"],
      ])("is replaced, and says so, where it is one %s", async (_what, trick) => {
        await using session = open();
        await session.finish(`A=1; cd /tmp; ${trick}`);
        const next = await session.finish('echo "${A-gone}"; pwd');
        expect(textOf(next)).toBe("gone\n/tmp");
        expect(next.metadata.prefix).toMatch(/took no more commands\. A new shell was started in \/tmp;/);
      });

      test.each([
        ["in the line", "true", (command: string) => command],
        ["as a file", "true", tooLongForALine],
        ["where nothing can be written", "ulimit -f 0; trap '' XFSZ", (command: string) => command],
        ["as a file where nothing can be written", "ulimit -f 0; trap '' XFSZ", tooLongForALine],
      ])(
        "runs once where it ends the shell and its last words come too late: %s",
        async (_way, first, come) => {
          const silent = fallingSilent(shared.sandbox);
          await using session = toolsSession(silent.sandbox);
          await session.finish(`rm -rf /tmp/once /tmp/twice; ${first}`);
          silent.begin();
          const lost = await session.finish(come("mkdir /tmp/once || mkdir /tmp/twice; exit 3"));
          expect(lost.metadata.suffix).toMatch(/The shell itself has ended with exit code 3/);
          expect(await session.output("ls -d /tmp/once /tmp/twice 2>/dev/null")).toBe("/tmp/once");
        },
      );

      test("is told when it was lost on its way, and the one before it does not run again", async () => {
        await using session = open();
        await session.finish("echo before >>ran; ln -sf /dev/null $__oh_folder/command");
        const lost = await session.finish(tooLongForALine("echo after"));
        expect(textOf(lost)).toMatch(/lost on its way to the shell: nothing was run/);
        expect(lost.exit_code).toBe(1);
        await using another = open();
        expect(await another.output("cat ran; rm ran")).toBe("before");
      });

      test("is told that it was not run where the shell declined it after its time limit", async () => {
        const slow = keepingKeysBack(shared.sandbox);
        await using session = toolsSession(slow.sandbox);
        await session.finish("trap '' XFSZ; ulimit -f 0");
        slow.hold();
        const late = await session.run("mkdir declined", { timeout: 0.3 });
        expect(late.timeout).toBe(true);
        slow.release();
        const polled = await session.run("");
        expect(polled.metadata.suffix).toMatch(/nothing of it was executed/);
        expect(await session.output("ls -d declined 2>/dev/null || echo none")).toBe("none");
      });

      test("is told that it was not run, and what to do, where the shell may open hardly a file", async () => {
        await using session = open();
        await session.finish("ulimit -n 5");
        const lost = await session.finish("echo after");
        expect(textOf(lost)).toMatch(/nothing was run.*`reset`/);
        expect(lost.exit_code).toBe(1);
        await session.run("", { reset: true });
        expect(await session.output("echo after")).toBe("after");
      });

      test.each(["rm -r", "chmod -R a-w"])("goes on after %s of all that is ours in it", async (removing) => {
        await using session = open();
        const path = `${await session.output("pwd")}/${crypto.randomUUID()}`;
        const observation = await session.finish(`cd /tmp; ${removing} "$__oh_folder"; (exit 3)`);
        expect(observation.exit_code).toBe(3);
        const next = await session.finish('echo "$? in $PWD"');
        expect(textOf(next)).toBe("3 in /tmp");
        expect(next.metadata.prefix).toBe("");
        const created = await session.edit({ command: "create", path, file_text: "x".repeat(5000) });
        expect(created.is_error).toBe(false);
        expect(await session.output("echo next")).toBe("next");
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

    describe("in whose place another one waits at its prompt", () => {
      const open = (): ToolsSession => toolsSession(shared.sandbox);

      test.each([
        ["exec bash", "bash"],
        ["exec bash --login", "bash"],
        ["exec -l sh", "sh"],
        ["exec env B=2 sh -i", "sh"],
        [`exec python3 -c "import subprocess; subprocess.call(['bash', '--norc'])"`, "bash"],
        ["f() { exec bash; }; f", "bash"],
      ])("is replaced, and says so: %s", async (command, name) => {
        await using session = open();
        await session.finish("export A=1; C=3; cd /tmp");
        const observation = await session.finish(`sleep 8766 & echo last words; ${command}`);
        expect(textOf(observation)).toMatch(/^last words\b/m);
        expect(observation).toMatchObject({ exit_code: 0, is_error: false, timeout: false });
        expect(observation.metadata.suffix).toContain(`another shell (${name}) in the place of this one`);
        expect(observation.metadata.suffix).toContain("new shell was started in /tmp");
        expect(await session.output('pwd; echo "$A ${C-gone}"')).toBe("/tmp\n1 gone");
        expect(await countProcesses(session, "sleep 8766")).toBe(1);
        await session.finish("pkill -x -f 'sleep 8766'");
      });

      test("is told of with the next command where nobody looked", async () => {
        await using session = open();
        const started = await session.run("exec bash", { timeout: 0.1 });
        expect(started.exit_code).toBe(-1);
        await vi.waitFor(
          async () => expect((await session.run("", { timeout: 0.1 })).exit_code).toBe(0),
          20_000,
        );
        expect(await session.output("echo next")).toBe("next");
      });

      test.each([
        ["a program", `exec python3 -c "print('got', input('? '))"`],
        ["a shell's script", `exec bash -c 'read -p "? " line; echo "got $line"'`],
        ["a script from a file", `echo 'printf "? "; read line; echo "got $line"' >ask.sh; exec sh ask.sh`],
      ])("is none where %s took its place", async (_what, command) => {
        await using session = open();
        const asked = await session.run(command, { timeout: 3 });
        expect(asked).toMatchObject({ exit_code: -1, timeout: true });
        expect(textOf(asked)).toBe("? ");
        const ended = await session.finishWith("this");
        expect(textOf(ended)).toMatch(/got this$/);
        expect(ended.metadata.suffix).toMatch(/The shell itself has ended with exit code 0/);
      });

      test("is none where it runs in ours, however many are in each other", async () => {
        await using session = open();
        await session.run("bash --norc", { timeout: 3 });
        expect((await session.run("exec bash --norc", { timeout: 1.5, is_input: true })).exit_code).toBe(-1);
        expect((await session.finishWith("exit 5")).exit_code).toBe(5);
        expect(await session.output("echo still here")).toBe("still here");
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

/** The shell is given it as a file then. */
function tooLongForALine(command: string): string {
  return `${command} # ${"x".repeat(2000)}`;
}

/** The same sandbox, where from `begin` on nothing is heard any more of a terminal that is open then. */
function fallingSilent(sandbox: Sandbox): { readonly sandbox: Sandbox; begin(): void } {
  const heard = new Set<PassThrough>();
  const changed = withTerminals(sandbox, (process) => {
    const stdout = new PassThrough();
    heard.add(stdout);
    process.stdout.on("data", (chunk: Buffer) => heard.has(stdout) && stdout.write(chunk));
    return { stdout };
  });
  return { sandbox: changed, begin: () => heard.clear() };
}

/** The same sandbox, where what is typed arrives only after `release`, once `hold` was called. */
function keepingKeysBack(sandbox: Sandbox): { readonly sandbox: Sandbox; hold(): void; release(): void } {
  const typed: PassThrough[] = [];
  const changed = withTerminals(sandbox, (process) => {
    const stdin = new PassThrough();
    stdin.pipe(process.stdin);
    typed.push(stdin);
    return { stdin };
  });
  return {
    sandbox: changed,
    hold: () => typed.forEach((stdin) => stdin.cork()),
    release: () => typed.forEach((stdin) => stdin.uncork()),
  };
}

/** The same sandbox, where something is changed in each process that has a terminal. */
function withTerminals(
  sandbox: Sandbox,
  change: (process: SandboxProcess) => Partial<SandboxProcess>,
): Sandbox {
  const spawn: Sandbox["spawn"] = async (argv, options) => {
    const process = await sandbox.spawn(argv, options);
    if (!options?.tty) return process;
    const { stdin, stdout, stderr, exit } = process;
    const resize: SandboxProcess["resize"] = async (columns, rows) => await process.resize(columns, rows);
    const kill: SandboxProcess["kill"] = async (signal) => await process.kill(signal);
    return { stdin, stdout, stderr, exit, resize, kill, ...change(process) };
  };
  return Object.create(sandbox, { spawn: { value: spawn } });
}
