/** How the agent's terminal behaves on every kind of sandbox. Models were taught these semantics by OpenHands' tool. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  type ContractSandbox,
  contractSandbox,
  type MakeProvider,
  textOf,
  toolsSession,
} from "./tools-session.ts";

export function terminalContract(name: string, makeProvider: MakeProvider): void {
  describe(`terminal on ${name}`, () => {
    let shared: ContractSandbox;
    beforeAll(async () => {
      shared = await contractSandbox(makeProvider);
    });
    afterAll(() => shared?.dispose());
    const open = (noChangeSeconds?: number) =>
      toolsSession(shared.sandbox, noChangeSeconds === undefined ? {} : { noChangeSeconds });

    describe("a command", () => {
      test("tells its output, exit code and folder", async () => {
        await using session = open();
        const observation = await session.run("echo hi");
        expect(observation).toMatchObject({ exit_code: 0, is_error: false, timeout: false });
        expect(textOf(observation)).toBe("hi");
        expect(observation.metadata.suffix).toBe("\n[The command completed with exit code 0.]");
      });

      test("that is not there ends with 127, and the next one runs", async () => {
        await using session = open();
        const missing = await session.run("nonexistent_command");
        expect(missing.exit_code).toBe(127);
        expect(textOf(missing)).toMatch(/not found/);
        expect(await session.output("echo next")).toBe("next");
      });

      test("keeps folder, variables, functions and the last status for the next one", async () => {
        await using session = open();
        await session.run("export A=1; B='x y'; f() { echo from f; }; cd /tmp");
        const observation = await session.run('echo $A; echo "$B"; f; pwd');
        expect(textOf(observation)).toBe("1\nx y\nfrom f\n/tmp");
        expect(observation.metadata.working_dir).toBe("/tmp");
        await session.run("alias greet='echo hello'");
        expect(await session.output("greet there")).toBe("hello there");
        expect(await session.output('cd ~ && [ "$PWD" = "$HOME" ] && echo home')).toBe("home");
        await session.run("(exit 7)");
        expect(await session.output("echo $?")).toBe("7");
      });

      test("may be silent, print no line end, or end with blank lines", async () => {
        await using session = open();
        expect(textOf(await session.run("true"))).toBe("");
        expect(await session.output("printf 'no end'")).toBe("no end");
        expect(await session.output("printf '  a\\n\\nb  \\n\\n'")).toBe("  a\n\nb  ");
      });

      test("of 20,000 characters arrives whole", async () => {
        await using session = open();
        const text = "0123456789 'quoted' \"twice\" $HOME `x` \\ é\n".repeat(480);
        const observation = await session.run(`cat <<'END'\n${text}END`);
        expect(textOf(observation)).toBe(text.trimEnd());
      });

      test("leaves ! alone and shows neither prompts nor itself", async () => {
        await using session = open();
        expect(await session.output('echo "A!B" !!')).toBe("A!B !!");
        expect(await session.output("cat << EOF\none\n\ttwo\nEOF")).toBe("one\n\ttwo");
        expect(await session.output("echo a \\\n  b")).toBe("a b");
      });

      test("returns when it ends, not when its children close the terminal", async () => {
        await using session = open();
        const observation = await session.run("sleep 987 & echo started");
        expect(observation.exit_code).toBe(0);
        expect(textOf(observation)).toContain("started");
        await session.finish("kill %1");
      });

      test("may end in a folder whose name has a line end", async () => {
        await using session = open();
        const observation = await session.run("mkdir -p '/tmp/a\nb'; cd '/tmp/a\nb'");
        expect(observation.metadata.working_dir).toBe("/tmp/a\nb");
        expect((await session.finish("exit")).metadata.suffix).toContain(
          "new shell was started in /tmp/a\nb;",
        );
      });

      test("tells first what others have printed since the last one", async () => {
        await using session = open();
        const folder = await session.output("pwd");
        await session.finish(
          "{ until [ -e print-now ]; do sleep 0.05; done; echo late; printf later; touch printed; } &",
        );
        await session.edit({ command: "create", path: `${folder}/print-now`, file_text: "" });
        await vi.waitFor(async () => {
          const printed = await session.edit({ command: "view", path: `${folder}/printed` });
          expect(printed.is_error).toBe(false);
        }, 20_000);
        const next = await session.finish("echo mine");
        expect(textOf(next)).toBe("mine");
        expect(next.metadata.prefix).toMatch(
          /^\[Printed since the last command by what runs in the background:\]\nlate\nlater\n/,
        );
        // the shell may tell yet that what runs in the background is done, with its text
        expect((await session.finish("rm print-now printed")).metadata.prefix).not.toMatch(/^late/m);
      });

      test("that fails to parse tells so", async () => {
        await using session = open();
        const observation = await session.run("echo 'unclosed");
        expect(observation.exit_code).not.toBe(0);
        expect(await session.output("echo fine")).toBe("fine");
      });

      test("finds no pager, no prompt of git and no secret of the server", async () => {
        await using session = open();
        expect(await session.output("echo $PAGER $GIT_PAGER $GIT_TERMINAL_PROMPT $DEBIAN_FRONTEND")).toBe(
          "cat cat 0 noninteractive",
        );
        expect(await session.output("env | grep -c VITEST")).toBe("0");
      });

      test("cannot fool us with prompt markers of its own, nor by changing the prompt", async () => {
        await using session = open();
        const fake = await session.run("printf '\\033]133;D;42;abc;/nowhere;abc\\007'; echo after; (exit 3)");
        expect(fake.exit_code).toBe(3);
        expect(textOf(fake)).toBe("after");
        await session.run("PS1='noise> '; PS2='more> '; PROMPT_COMMAND='echo noise'");
        expect(await session.output("echo clean")).toBe("clean");
        await session.run("exec 2>/dev/null");
        expect(await session.output("echo clean")).toBe("clean");
      });
    });

    describe("output", () => {
      test("is what a person sees: one line of a progress bar, no colours", async () => {
        await using session = open();
        expect(await session.output("printf 'load 10%%\\rload 99%%\\r\\033[32mdone\\033[0m    \\n'")).toBe(
          "done    ",
        );
        expect(await session.output("printf '\\033[1mbold\\033[0m\\ttab\\n'")).toBe("bold\ttab");
      });

      test("of 5,000 lines is complete", async () => {
        await using session = open();
        const lines = (await session.output("seq 1 5000")).split("\n");
        expect(lines).toHaveLength(5000);
        expect(lines.at(-1)).toBe("5000");
      });

      test("of 50,000 lines is clipped in the middle, and given whole to who follows it", async () => {
        await using session = open();
        let full = "";
        const observation = await session.run("seq 1 50000", { onOutput: (text) => (full += text) });
        const shown = textOf(observation);
        expect(observation.exit_code).toBe(0);
        expect(shown.length).toBeLessThanOrEqual(30_000);
        expect(shown).toMatch(/^1\n2\n/);
        expect(shown).toMatch(/\n50000$/);
        expect(shown.split("<response clipped>")).toHaveLength(2);
        expect(observation.metadata.prefix).toMatch(/^\[Previous command outputs are truncated/);
        const numbers = full.trimEnd().split("\n").map(Number);
        expect(numbers).toEqual(Array.from({ length: 50_000 }, (_, index) => index + 1));
        expect(observation.omitted).toBe(
          full.trimEnd().length - shown.replace(/\n<response.*NOTE>\n/, "").length,
        );
      });

      test("is given while it comes, and to the end of a command that is looked at again", async () => {
        await using session = open();
        const seen: string[] = [];
        const onOutput = (text: string): void => void seen.push(text);
        await session.until(/one/, "echo one; read line; echo two-$line", { timeout: 1, onOutput });
        expect(seen.join("")).toBe("one\n");
        await session.run("x", { is_input: true, timeout: 60, onOutput });
        expect(seen.join("")).toMatch(/^one\n(x\n)?two-x\n$/);
      });

      test("without end is bounded, and its end is seen", async () => {
        await using session = open();
        const observation = await session.run("yes | head -c 4000000; echo the end");
        expect(observation.exit_code).toBe(0);
        expect(textOf(observation).length).toBeLessThanOrEqual(30_000);
        expect(textOf(observation)).toMatch(/the end$/);
      });
    });

    describe("a command that goes on", () => {
      test("is told of after the silence, polled, and ended by C-c", async () => {
        await using session = open(0.4);
        await session.until(/^before$/, "echo before; sleep 9876");
        const silent = await session.run("");
        expect(silent.exit_code).toBe(-1);
        expect(silent.metadata.suffix).toMatch(/^\n\[The command has no new output after 0\.4 seconds\./);
        const polled = await session.run("");
        expect(polled).toMatchObject({ exit_code: -1 });
        expect(textOf(polled)).toBe("");
        expect(polled.metadata.prefix).toBe("[Below is the output of the previous command.]\n");
        const ended = await session.finishWith("C-c");
        expect([130, 1]).toContain(ended.exit_code);
        expect(ended.metadata.suffix).toMatch(/CTRL\+C was sent\.\]$/);
        expect(await session.output("echo next")).toBe("next");
      });

      test("shows each poll only what is new, and ends in one", async () => {
        await using session = open(0.4);
        await session.until(
          /^one\n10%$/,
          "printf 'one\\n10%%'; read -s x; printf '\\r20%%'; read y; echo three",
        );
        await session.until(/^20%$/, "a", { is_input: true });
        const last = await session.finishWith("b");
        expect(last.exit_code).toBe(0);
        expect(textOf(last)).toBe("b\nthree");
      });

      test("keeps others out", async () => {
        await using session = open(0.3);
        await session.run("read -p 'name: ' v || read v; echo got $v");
        const refused = await session.run("ls");
        expect(refused).toMatchObject({ exit_code: -1, is_error: true });
        expect(refused.metadata.suffix).toMatch(
          /^\n\[Your command "ls" is NOT executed\. The previous command is still running/,
        );
        const fed = await session.finishWith("yes");
        expect(fed.exit_code).toBe(0);
        expect(textOf(fed)).toMatch(/got yes$/);
      });

      test("is fed line by line", async () => {
        await using session = open(0.3);
        await session.run("sh -c 'read a; echo first $a; read b; echo second $b'");
        await session.until(/first x y$/, "x y", { is_input: true });
        const last = await session.finishWith("z");
        expect(last.exit_code).toBe(0);
        expect(textOf(last)).toMatch(/second z$/);
      });

      test("ends at C-d where it reads to the end", async () => {
        await using session = open(0.3);
        await session.run("cat");
        const ended = await session.finishWith("C-d");
        expect(ended.exit_code).toBe(0);
      });

      test("is told of at its own time limit, whatever it prints", async () => {
        await using session = open(0.2);
        const observation = await session.run("while :; do echo x; sleep 0.1; done", { timeout: 1 });
        expect(observation).toMatchObject({ exit_code: -1, timeout: true });
        expect(observation.metadata.suffix).toMatch(/^\n\[The command timed out after 1\.0 seconds\./);
        await session.finishWith("C-c");
        expect(await session.output("echo next")).toBe("next");
      });

      test("that ended unwatched is told of with the next one", async () => {
        await using session = open();
        const flag = `${await session.output("pwd")}/flag.txt`;
        await session.run(`sleep 0.5; echo late; cd /tmp; touch ${flag}`, { timeout: 0.1 });
        await vi.waitFor(async () => {
          expect((await session.edit({ command: "view", path: flag })).is_error).toBe(false);
        });
        const next = await session.run("pwd");
        expect(textOf(next)).toBe("/tmp");
        expect(next.metadata.prefix).toMatch(/previous command has completed with exit code 0\.[^]*\nlate\n/);
      });

      test("never has what it did not read run as a command", async () => {
        await using session = open(0.3);
        await session.run("read x");
        await session.input("one\necho leaked > leaked.txt");
        expect(await session.output("ls leaked.txt 2>/dev/null; echo $?")).not.toContain("leaked.txt");
      });

      test("is not there to be polled or fed", async () => {
        await using session = open();
        const polled = await session.run("");
        expect(polled.is_error).toBe(true);
        expect(textOf(polled)).toBe("No previous running command to retrieve logs from.");
        const fed = await session.input("x");
        expect(fed.is_error).toBe(true);
        expect(textOf(fed)).toBe("No previous running command to interact with.");
      });

      test("leaves another terminal alone", async () => {
        await using hung = open(0.2);
        await using other = open();
        await hung.run("sleep 9875");
        expect(await other.output("echo free")).toBe("free");
        await hung.finishWith("C-c");
      });
    });

    describe("several commands at once", () => {
      test.each([
        "touch one.txt\npwd",
        "cat <<E\nx\nE\npwd",
        "if true\nthen :\nfi\nls",
        "# first\nls\n# second\npwd",
      ])("are refused: %j", async (command) => {
        await using session = open();
        const observation = await session.run(command);
        expect(observation.is_error).toBe(true);
        expect(textOf(observation)).toMatch(
          /^Cannot execute multiple commands at once\.\n[^]*\(1\) [^]*\(2\) /,
        );
        expect(await session.output("ls one.txt 2>/dev/null; true")).toBe("");
      });

      test.each([
        ["echo a && echo b; echo c | cat", "a\nb\nc"],
        ["for i in 1 2\ndo\n  echo $i\ndone", "1\n2"],
        ["f() {\n  echo in f\n}", ""],
        ["echo a &&\n  # comment\n  echo b", "a\nb"],
        ["# comment\n\necho a", "a"],
        ["echo 'a\nb'", "a\nb"],
        ["echo x |\ncat", "x"],
        ["cat <<'A' <<'B'\n1\nA\n2 \\\nB", "2 \\"],
      ])("are one: %j", async (command, expected) => {
        await using session = open();
        const observation = await session.run(command);
        expect(textOf(observation)).toBe(expected);
        expect(observation.is_error).toBe(false);
      });
    });

    test("a command of 3 MB in many lines is run", async () => {
      await using session = open(60);
      const lines = Array.from({ length: 150_000 }, (_, line) => `this is line ${line}`).join("\n");
      await session.run(`cat > long.txt <<'END'\n${lines}\nEND`);
      expect(await session.output("tail -n 1 long.txt; rm long.txt")).toBe("this is line 149999");
    });

    describe("what is refused", () => {
      test("a command with a NUL in it, of which only the first half would run", async () => {
        await using session = open();
        const observation = await session.run("touch half.txt\0; echo whole");
        expect(observation.is_error).toBe(true);
        expect(textOf(observation)).toMatch(/^\[Tool-argument error\]/);
        expect(await session.output("ls half.txt 2>/dev/null; true")).toBe("");
      });

      test.each(['["ls", "-l"]', '{"a": 1}'])("JSON for a command: %s", async (command) => {
        await using session = open();
        const observation = await session.run(command);
        expect(observation.is_error).toBe(true);
        expect(textOf(observation)).toMatch(/^\[Tool-argument error\]/);
      });

      test("a reset with input", async () => {
        await using session = open();
        expect((await session.run("", { reset: true, is_input: true })).is_error).toBe(true);
      });
    });
  });
}
