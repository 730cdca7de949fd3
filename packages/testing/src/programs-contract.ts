/** Programs that ask, draw, stay or print too much, driven through the agent's terminal on every kind of sandbox. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ContractSandbox,
  contractSandbox,
  countProcesses,
  type MakeProvider,
  textOf,
  toolsSession,
} from "./tools-session.ts";

const newRepository =
  "git init -q repository && cd repository && git config user.name A && git config user.email a@example.org";

/** Two versions of a package with a file that a person may change, and an empty system to install them into. */
const makePackages = String.raw`
for version in 1 2; do
  mkdir -p "$version/DEBIAN" "$version/etc"
  echo "setting $version" >"$version/etc/asks.conf"
  echo /etc/asks.conf >"$version/DEBIAN/conffiles"
  printf 'Package: asks\nVersion: %s\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: asks\n' "$version" >"$version/DEBIAN/control"
  dpkg-deb --root-owner-group --build "$version" "asks-$version.deb"
done
mkdir -p system/var/lib/dpkg/info system/var/lib/dpkg/updates
: >system/var/lib/dpkg/status
`;

export function programsContract(name: string, makeProvider: MakeProvider): void {
  describe(`programs on ${name}`, () => {
    let shared: ContractSandbox;
    beforeAll(async () => {
      shared = await contractSandbox(makeProvider);
    });
    afterAll(() => shared?.dispose());
    const open = (noChangeSeconds = 0.5) => toolsSession(shared.sandbox, { noChangeSeconds });

    describe("that ask", () => {
      test("Python's prompt: expressions in, values out, and the end by C-d", async () => {
        await using session = open();
        await session.until(/>>> $/, "python3 -q");
        await session.until(/>>> $/, "x = 6 * 7", { is_input: true });
        await session.until(/it is 42\n*>>> $/, "print('it is', x)", { is_input: true });
        const ended = await session.finishWith("C-d");
        expect(ended.exit_code).toBe(0);
        expect(ended.metadata.suffix).toContain("CTRL+D was sent.");
      });

      test("a script with two questions", async () => {
        await using session = open();
        const script = "a = input('name? '); b = input('age? '); print(f'{a} is {b}')";
        await session.until(/^name\? $/, `python3 -c "${script}"`);
        await session.until(/age\? $/, "Ada", { is_input: true });
        const last = await session.finishWith("36");
        expect(last.exit_code).toBe(0);
        expect(textOf(last)).toMatch(/Ada is 36$/);
      });

      test.each([
        ["a program", `python3 -c "import getpass; print(len(getpass.getpass('Password: ')))"`],
        [
          "the shell",
          "read -s -p 'Password: ' word || { stty -echo; read word; stty echo; }; echo; echo ${#word}",
        ],
      ])("for a password, which is not shown: %s", async (_what, command) => {
        await using session = open();
        await session.until(/^Password: $/, command);
        const last = await session.finishWith("hunter22");
        expect(textOf(last)).toBe("8");
      });

      test("a package's installation, of a file that both have changed", async () => {
        await using session = open();
        await session.finish(`mkdir packages && cd packages && cat >make.sh <<'END'\n${makePackages}END`);
        await session.finish("sh -e make.sh; PATH=$PATH:/usr/sbin:/sbin");
        const install = "dpkg --force-not-root --root=$PWD/system --log=$PWD/log --install";
        expect((await session.finish(`${install} asks-1.deb`)).exit_code).toBe(0);
        await session.finish("echo mine >system/etc/asks.conf");
        await session.until(/asks\.conf \(Y\/I\/N\/O\/D\/Z\) \[default=N\] \? $/, `${install} asks-2.deb`);
        expect((await session.finishWith("Y")).exit_code).toBe(0);
        expect(await session.output("cat system/etc/asks.conf; cd ..; rm -rf packages")).toBe("setting 2");
      });

      test("an editor, driven by its keys", async () => {
        await using session = open();
        await session.until(/"edited\.txt"/, "vi edited.txt");
        await session.until(/two words/, "ione\ntwo words", { is_input: true });
        await session.input("C-[");
        expect((await session.finishWith(":wq")).exit_code).toBe(0);
        expect(await session.output("cat edited.txt; rm edited.txt")).toBe("one\ntwo words");
      });

      test("git for a message in the system's own editor", async () => {
        await using session = open();
        await session.finish(`${newRepository} && unset EDITOR VISUAL GIT_EDITOR`);
        await session.until(/Please enter the commit message/, "git commit --allow-empty");
        await session.until(/With keys/, "iWith keys", { is_input: true });
        await session.input("C-[");
        expect((await session.finishWith(":wq")).exit_code).toBe(0);
        expect(await session.output("git log --format=%s; cd ..; rm -rf repository")).toBe("With keys");
      });

      test("git for a message in an editor", async () => {
        await using session = open(1);
        await session.finish(newRepository);
        await session.finish(
          `printf '%s\\n' '#!/bin/sh' 'printf "message: "; read -r line; echo "$line" >"$1"' >editor && chmod +x editor`,
        );
        await session.until(/message: $/, "GIT_EDITOR=./editor git commit --allow-empty");
        expect((await session.finishWith("From the editor")).exit_code).toBe(0);
        expect(await session.output("git log --format=%s; cd ..; rm -rf repository")).toBe("From the editor");
      });
    });

    describe("that fill the screen", () => {
      test("less is driven and left, and the screen before it is not lost", async () => {
        await using session = open(1);
        const shown = await session.until(/\n1\n2\n/, "seq 1 500 >numbers; echo before; less numbers");
        expect(shown).toMatch(/^before\n/);
        await session.until(/\n500\n/, "G", { is_input: true });
        const left = await session.finishWith("q");
        expect(left.exit_code).toBe(0);
        expect(await session.output("echo clean; rm numbers")).toBe("clean");
      });

      test("git works in the workspace itself, whoever owns it", async () => {
        await using session = open(20);
        const identity = "-c user.name=A -c user.email=a@b.c";
        const commit = `git init -q . && echo x >file && git add file && git ${identity} commit -qm one && git status --short`;
        const observation = await session.finish(commit);
        expect(textOf(observation)).toBe("");
        expect(observation.exit_code).toBe(0);
        expect(await session.output("git log --format=%s; rm -rf .git file")).toBe("one");
      });

      test("neither git nor man pages anything", async () => {
        await using session = open();
        const many = await session.finish(
          'git init -q many && cd many && for i in $(seq 1 60); do git -c user.name=A -c user.email=a@b.c commit -q --allow-empty -m "number $i"; done; git log --oneline | wc -l; git log --oneline',
        );
        expect(many.exit_code).toBe(0);
        expect(textOf(many)).toMatch(/^60\n[^]*number 60\n[^]*number 1$/);
        await session.finish("cd ..; rm -rf many");
        expect((await session.finish("man man")).exit_code).not.toBe(-1);
      });

      test("one that is killed and leaves the terminal raw leaves a shell that works", async () => {
        await using session = open();
        await session.finish(
          "printf '\\033[?1049h\\033[?25l'; stty raw -echo; kill -9 $(sh -c 'echo $$') 2>/dev/null",
        );
        expect(await session.output("echo one; echo two")).toBe("one\ntwo");
        await session.finish("stty -isig -icanon -onlcr min 1");
        expect(await session.output("printf 'a\\tb\\n'; echo c")).toBe("a\tb\nc");
      });
    });

    describe("that take keys", () => {
      test("are sent those that have names, in the way that they have asked for", async () => {
        await using session = open();
        const reading = "print('second'); print(os.read(0, 9))";
        await session.until(
          /^first$/,
          `python3 -c "import os, tty; tty.setcbreak(0); print('first'); print(os.read(0, 9)); print('\\033[?1h', end=''); ${reading}"`,
        );
        await session.until(/b'\\x1b\[B'\nsecond$/, "DOWN", { is_input: true });
        expect(textOf(await session.finishWith("UP"))).toMatch(/b'\\x1bOA'$/);
      });

      test("may leave the terminal as they needed it, and the next one can be typed to", async () => {
        await using session = open();
        await session.finish('python3 -c "import time, tty; tty.setraw(0); time.sleep(0.1); exit(1)"');
        await session.run("cat");
        await session.until(/typed\n+typed$/, "typed", { is_input: true });
        expect((await session.finishWith("C-d")).exit_code).toBe(0);
      });
    });

    describe("that stay", () => {
      test("a server in the foreground is told of, and ended by C-c", async () => {
        await using session = open();
        const server = "python3 -u -m http.server 0 --bind 127.0.0.1";
        await session.until(/Serving HTTP on/, server, { timeout: 1 });
        const ended = await session.finishWith("C-c");
        expect(ended.exit_code).toBe(0);
        expect(textOf(ended)).toContain("Keyboard interrupt received, exiting.");
        expect((await session.run("ls -d .")).exit_code).toBe(0);
      });

      test("a server in the background answers the commands after it", async () => {
        await using session = open(20);
        expect(
          (await session.run("python3 -u -m http.server 8931 --bind 127.0.0.1 >served 2>&1 &")).exit_code,
        ).toBe(0);
        const fetch = `python3 -c "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8931').read().decode())"`;
        const page = await session.finish(`until ${fetch} 2>/dev/null; do sleep 0.1; done`);
        expect(textOf(page)).toContain("Directory listing for /");
        expect(await session.output("kill %1; grep -c GET served; rm served")).toContain("1");
      });

      test.each([
        "sleep 8763 &",
        "nohup sleep 8763 >/dev/null 2>&1 &",
        "setsid -f sleep 8763",
        "(sleep 8763 &)",
      ])("in the background the shell is free at once: %s", async (command) => {
        await using session = open(20);
        expect((await session.run(command)).exit_code).toBe(0);
        expect(await countProcesses(session, "sleep 8763")).toBe(1);
        await session.finish("pkill -x -f 'sleep 8763'");
      });

      test("C-z stops one, and it goes on", async () => {
        await using session = open(0.3);
        await session.run("sleep 8764");
        const stopped = await session.finishWith("C-z");
        expect(stopped.exit_code).toBe(148);
        expect(stopped.metadata.suffix).toContain("CTRL+Z was sent.");
        expect((await session.finish("kill %1; wait")).exit_code).not.toBe(-1);
      });

      test("a shell in the shell runs until it is left", async () => {
        await using session = open();
        await session.until(/[$#] $/, "sh -i");
        expect((await session.run("ls")).is_error).toBe(true);
        await session.until(/in 2/, "echo in $((1 + 1))", { is_input: true });
        expect((await session.finishWith("exit 5")).exit_code).toBe(5);
      });
    });

    describe("that print", () => {
      test("noise of all bytes hurts nothing", async () => {
        await using session = open(20);
        const noise = await session.finish(
          'head -c 300000 /dev/urandom; for i in $(seq 0 255); do printf "\\\\$(printf %o $i)"; done; echo; echo end',
        );
        expect(noise.exit_code).toBe(0);
        expect(JSON.parse(JSON.stringify(textOf(noise)))).not.toContain("\x1b");
        expect(await session.output("echo clean")).toBe("clean");
      });

      test("a sequence without end does not hold us up", async () => {
        await using session = open(20);
        const hostile = await session.finish("printf 'x\\r\\033[2147483647S\\033[2147483647bafter\\n'");
        expect(textOf(hostile)).toMatch(/after$/);
      });

      test("a little, five hundred times, and nothing is lost", async () => {
        await using session = open(20);
        const printed: string[] = [];
        for (let round = 0; round < 500; round += 1) printed.push(await session.output(`echo ${round}`));
        expect(printed).toEqual(Array.from({ length: 500 }, (_, round) => String(round)));
      });
    });
  });
}
