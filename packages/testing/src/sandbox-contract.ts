/** What every kind of sandbox must hold, run on the real thing. */
import { chown, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversationId } from "@openhands/protocol";
import {
  type ExitStatus,
  type Sandbox,
  SandboxError,
  type SandboxProcess,
  type SandboxProvider,
  type SandboxSpec,
  type SpawnOptions,
} from "@openhands/sandbox";

export interface SandboxHarness {
  /** Called again it stands for the next server process on the same home. */
  readonly makeProvider: () => SandboxProvider;
  /** to whom workspaces belong on the host */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** Processes, network and accounts of its own: all kinds but local. */
  readonly isolated: boolean;
  /** A later server process can take it over: docker alone. */
  readonly adoptable: boolean;
}

/** @returns the spec of a new conversation with an empty workspace, and the end of that folder */
export async function newSandboxSpec(
  owner: SandboxHarness["owner"],
): Promise<{ readonly spec: SandboxSpec; readonly removeWorkspace: () => Promise<void> }> {
  const workspace = await mkdtemp(join(tmpdir(), "openhands-workspace-"));
  await chown(workspace, owner.uid, owner.gid);
  const conversationId = ConversationId.parse(randomBytes(16).toString("hex"));
  return {
    spec: {
      conversationId,
      workspace,
      cacheFolder: null,
      image: null,
      memoryMb: 512,
      cpus: null,
      processes: 1024,
      network: "on",
      user: "owner",
    },
    removeWorkspace: () => rm(workspace, { recursive: true, force: true }),
  };
}

/** Runs a command to its end and to that of its output; it leaves no child that holds it open. */
export async function runInSandbox(
  sandbox: Sandbox,
  argv: readonly string[],
  options?: SpawnOptions,
): Promise<{ readonly exit: ExitStatus; readonly stdout: string; readonly stderr: string }> {
  const process = await sandbox.spawn(argv, options);
  const [stdout, stderr, exit] = await Promise.all([
    text(process.stdout),
    text(process.stderr),
    process.exit,
  ]);
  return { exit, stdout, stderr };
}

function collect(stream: SandboxProcess["stdout"]): () => Buffer {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks);
}

/** Resolves with all output so far once it contains the text. */
export function outputContaining(stream: SandboxProcess["stdout"], text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(text)) resolve(output);
    });
    stream.once("end", () => reject(new Error(`The output ended without ${text}: ${output}`)));
  });
}

/** Ends once no process has that id any more. */
const untilGone = (pid: string): readonly string[] => [
  "sh",
  "-c",
  'while kill -0 "$1" 2>/dev/null; do sleep 0.05; done',
  "sh",
  pid,
];

const quietly = (): void => {};

export function sandboxContract(name: string, harness: SandboxHarness): void {
  describe(`${name}: the contract of a sandbox`, () => {
    let provider: SandboxProvider;
    let sandbox: Sandbox;
    let spec: SandboxSpec;
    let removeWorkspace: () => Promise<void>;

    const run = (argv: readonly string[], options?: SpawnOptions) => runInSandbox(sandbox, argv, options);

    beforeAll(async () => {
      provider = harness.makeProvider();
      ({ spec, removeWorkspace } = await newSandboxSpec(harness.owner));
      const check = await provider.check();
      expect(check).toMatchObject({ ok: true, problem: null });
      sandbox = await provider.create(spec, quietly);
    });

    afterAll(async () => {
      await provider.remove(spec.conversationId);
      await removeWorkspace();
    });

    describe("a process", () => {
      it("gives its output and its exit code", async () => {
        expect(await run(["sh", "-c", "echo out; echo err >&2; exit 7"])).toEqual({
          exit: { code: 7, signal: null },
          stdout: "out\n",
          stderr: "err\n",
        });
        expect((await run(["true"])).exit).toEqual({ code: 0, signal: null });
      });

      it("takes every argument as it is", async () => {
        const words = ["a b", "$HOME", "'\"", "", "*", "ü\n", "-n"];
        const { stdout } = await run(["sh", "-c", 'for word; do printf "%s|" "$word"; done', "sh", ...words]);
        expect(stdout).toBe(words.map((word) => `${word}|`).join(""));
      });

      it("reads stdin to its end", async () => {
        const cat = await sandbox.spawn(["cat"]);
        const output = collect(cat.stdout);
        const lines = "line\n".repeat(50_000);
        cat.stdin.write(lines);
        cat.stdin.end("last");
        expect(await cat.exit).toEqual({ code: 0, signal: null });
        expect(output().toString() === `${lines}last`).toBe(true);
      });

      it("passes bytes unchanged, and all of them before it is said to have ended", async () => {
        const bytes = await sandbox.spawn(["head", "-c", "5000000", "/dev/urandom"]);
        let length = 0;
        bytes.stdout.on("data", (chunk: Buffer) => (length += chunk.length));
        bytes.stderr.resume();
        await bytes.exit;
        expect(length).toBe(5_000_000);
        const few = await sandbox.spawn(["printf", "\\036\\000\\377\\036x\\036"]);
        const output = collect(few.stdout);
        await few.exit;
        expect(output()).toEqual(Buffer.from([0x1e, 0, 0xff, 0x1e, 0x78, 0x1e]));
      });

      it("runs in the workspace, or in the folder and with the variables that it is given", async () => {
        await run(["touch", "here"]);
        expect((await stat(join(spec.workspace, "here"))).isFile()).toBe(true);
        const { stdout } = await run(["sh", "-c", 'pwd; echo "$GREETING"'], {
          cwd: "/usr",
          env: { GREETING: "hello there" },
        });
        expect(stdout).toBe("/usr\nhello there\n");
      });

      it("sees nothing of the server's environment", async () => {
        process.env["OPENHANDS_CONTRACT_PROBE"] = "probe-of-the-server";
        const { stdout } = await run(["env"]);
        delete process.env["OPENHANDS_CONTRACT_PROBE"];
        expect(stdout).toContain("HOME=");
        expect(stdout).not.toContain("probe-of-the-server");
      });

      it("is refused where the program or the folder isn't there", async () => {
        await expect(sandbox.spawn(["no-such-program"])).rejects.toThrow(SandboxError);
        await expect(sandbox.spawn(["true"], { cwd: "/no/such/folder" })).rejects.toThrow(SandboxError);
      });

      it("has ended when it ends, though a child of it holds its output open", async () => {
        const parent = await sandbox.spawn(["sh", "-c", "sleep 1000 & echo $!"]);
        const output = collect(parent.stdout);
        expect(await parent.exit).toEqual({ code: 0, signal: null });
        const child = output().toString().trim();
        expect((await run(["kill", "-0", child])).exit.code).toBe(0);
        await run(["kill", "-9", child]);
      });

      it("makes files that belong to the workspace's owner on the host", async () => {
        await run(["sh", "-c", "mkdir -p folder && echo text > folder/file"]);
        const { uid, gid } = await stat(join(spec.workspace, "folder/file"));
        expect({ uid, gid }).toEqual(harness.owner);
      });
    });

    describe("a signal", () => {
      it("ends the whole group, children that ignore INT and TERM too", async () => {
        const group = await sandbox.spawn([
          "sh",
          "-c",
          "trap '' INT TERM; sleep 1000 & echo pid $!; wait; wait",
        ]);
        const child = /pid (\d+)\n/.exec(await outputContaining(group.stdout, "\n"))?.[1] ?? "";
        await group.kill("SIGINT");
        await group.kill("SIGTERM");
        expect((await run(["kill", "-0", child])).exit.code).toBe(0);
        await group.kill("SIGKILL");
        expect(await group.exit).toEqual({ code: null, signal: "SIGKILL" });
        expect((await run(untilGone(child))).exit.code).toBe(0);
      });

      it("can be handled by the process", async () => {
        const polite = await sandbox.spawn([
          "sh",
          "-c",
          "trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done",
        ]);
        await outputContaining(polite.stdout, "ready");
        await polite.kill("SIGTERM");
        expect(await polite.exit).toEqual({ code: 9, signal: null });
      });

      it("to a process that is gone is no error", async () => {
        const gone = await sandbox.spawn(["true"]);
        await gone.exit;
        await gone.kill("SIGTERM");
        await gone.kill("SIGKILL");
      });

      it("is sent when the caller gives up", async () => {
        const controller = new AbortController();
        const endless = await sandbox.spawn(["sleep", "1000"], { signal: controller.signal });
        controller.abort();
        expect(await endless.exit).toEqual({ code: null, signal: "SIGKILL" });
        await expect(sandbox.spawn(["true"], { signal: controller.signal })).rejects.toThrow();
      });
    });

    describe("a terminal", () => {
      it("has the size that it is given, and is told of a new one", async () => {
        const shell = await sandbox.spawn(["sh"], { tty: { columns: 71, rows: 19 } });
        const first = outputContaining(shell.stdout, "19 71");
        shell.stdin.write("stty -echo; stty size\n");
        await first;
        await shell.resize(123, 45);
        const second = outputContaining(shell.stdout, "45 123");
        shell.stdin.write("stty size\n");
        await second;
        shell.stdin.write("exit 4\n");
        expect(await shell.exit).toEqual({ code: 4, signal: null });
      });

      it("takes Ctrl-C for what runs in its foreground", async () => {
        const reader = await sandbox.spawn(["cat"], { tty: { columns: 80, rows: 24 } });
        const read = outputContaining(reader.stdout, "line\r\nline\r\n");
        reader.stdin.write("line\n");
        await read;
        reader.stdin.write("\u0003");
        expect(await reader.exit).not.toMatchObject({ code: 0 });
      });
    });

    it("reaches a port on the sandbox's loopback, and says when nothing listens", async () => {
      const server = await sandbox.spawn([
        "python3",
        "-uc",
        [
          "import socket",
          "listener = socket.create_server(('127.0.0.1', 18650))",
          "print('listening')",
          "link, _ = listener.accept()",
          "data = b''",
          "while chunk := link.recv(65536): data += chunk",
          "link.sendall(b'got ' + str(len(data)).encode())",
        ].join("\n"),
      ]);
      await outputContaining(server.stdout, "listening");
      const link = await sandbox.connect(18_650);
      const answer = outputContaining(link, "200000");
      link.end(Buffer.alloc(200_000));
      expect(await answer).toBe("got 200000");
      await server.exit;
      await expect(sandbox.connect(18_651)).rejects.toThrow(SandboxError);
    });

    it("ends all that runs in it, and goes on itself", async () => {
      expect(await sandbox.check()).toBeNull();
      const shell = await sandbox.spawn(["sh"], { tty: { columns: 80, rows: 24 } });
      const resident = await sandbox.spawn(["sh", "-c", "trap '' INT TERM; sleep 1000 & echo pid $!; wait"]);
      const child = /pid (\d+)\n/.exec(await outputContaining(resident.stdout, "\n"))?.[1] ?? "";
      expect((await sandbox.stats()).processes).toBeGreaterThanOrEqual(2);
      shell.stdout.resume();
      await sandbox.endProcesses();
      await Promise.all([resident.exit, shell.exit]);
      expect((await run(untilGone(child))).exit.code).toBe(0);
      expect((await run(["echo", "goes on"])).stdout).toBe("goes on\n");
      expect(await sandbox.check()).toBeNull();
    });

    if (harness.isolated) {
      it("survives an agent that kills every process", async () => {
        const resident = await sandbox.spawn(["sleep", "1000"]);
        const killer = await sandbox.spawn(["sh", "-c", "kill -9 -1; kill -TERM 1; kill -9 1"]);
        await Promise.all([killer.exit, resident.exit]);
        expect((await run(["echo", "alive"])).stdout).toBe("alive\n");
      });

      it("tells its memory and processes", async () => {
        const resident = await sandbox.spawn(["sleep", "1000"]);
        const stats = await sandbox.stats();
        expect(stats.memory_bytes).toBeGreaterThan(100_000);
        expect(stats.processes).toBeGreaterThanOrEqual(2);
        await resident.kill("SIGKILL");
      });
    }

    const withSandbox = async (
      changes: Partial<SandboxSpec>,
      use: (own: { sandbox: Sandbox; spec: SandboxSpec; first: SandboxProvider }) => Promise<void>,
    ): Promise<void> => {
      const made = await newSandboxSpec(harness.owner);
      const own = { ...made.spec, ...changes };
      const first = harness.makeProvider();
      try {
        await use({ sandbox: await first.create(own, quietly), spec: own, first });
      } finally {
        await first.remove(own.conversationId);
        await made.removeWorkspace();
      }
    };

    it("keeps the workspace when it is suspended, and leaves nothing else", async () => {
      await withSandbox({}, async ({ sandbox: own, spec: ownSpec, first }) => {
        await runInSandbox(own, ["sh", "-c", "echo kept > file"]);
        expect(await first.list()).toContain(ownSpec.conversationId);
        await own.suspend();
        await own.suspend();
        expect(await first.list()).not.toContain(ownSpec.conversationId);
        await expect(own.spawn(["true"])).rejects.toThrow(SandboxError);
        const again = await first.create(ownSpec, quietly);
        expect((await runInSandbox(again, ["cat", "file"])).stdout).toBe("kept\n");
        await first.remove(ownSpec.conversationId);
        await first.remove(ownSpec.conversationId);
        expect(await first.list()).not.toContain(ownSpec.conversationId);
      });
    });

    it("takes the place of an older sandbox of the same conversation", async () => {
      await withSandbox({}, async ({ sandbox: older, spec: ownSpec, first }) => {
        const old = await older.spawn(["sleep", "1000"]);
        const newer = await first.create(ownSpec, quietly);
        await old.exit;
        expect((await runInSandbox(newer, ["echo", "new"])).stdout).toBe("new\n");
      });
    });

    if (harness.adoptable) {
      it("is taken over by the next server with nothing running in it", async () => {
        await withSandbox({}, async ({ sandbox: left, spec: ownSpec }) => {
          const old = await left.spawn(["sh", "-c", "trap '' TERM; echo $$; sleep 1000"]);
          const pid = (await outputContaining(old.stdout, "\n")).trim();
          await runInSandbox(left, ["sh", "-c", "echo layer > /tmp/file"]);
          const adopted = await harness.makeProvider().adopt(ownSpec);
          await old.exit;
          if (!adopted) throw new Error("It was not taken over.");
          expect((await runInSandbox(adopted, ["kill", "-0", pid])).exit.code).not.toBe(0);
          expect((await runInSandbox(adopted, ["cat", "/tmp/file"])).stdout).toBe("layer\n");
          await adopted.remove();
          expect(await harness.makeProvider().adopt(ownSpec)).toBeNull();
        });
      });

      it("is not taken over when it was made otherwise", async () => {
        await withSandbox({}, async ({ spec: ownSpec }) => {
          const next = harness.makeProvider();
          expect(await next.adopt({ ...ownSpec, network: "off" })).toBeNull();
          expect(await next.list()).not.toContain(ownSpec.conversationId);
        });
      });
    } else {
      it("leaves nothing that a later server could take over", async () => {
        expect(await harness.makeProvider().adopt(spec)).toBeNull();
      });
    }

    if (harness.isolated) {
      it("has no network where none is allowed", async () => {
        await withSandbox({ network: "off" }, async ({ sandbox: own }) => {
          const { stdout } = await runInSandbox(own, ["sh", "-c", "tail -n +3 /proc/net/dev | cut -d: -f1"]);
          expect(stdout.trim()).toBe("lo");
        });
      });
    }
  });
}
