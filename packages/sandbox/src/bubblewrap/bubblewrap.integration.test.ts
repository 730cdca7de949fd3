import { execFileSync, spawn } from "node:child_process";
import { chown, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { newSandboxSpec, outputContaining, runInSandbox, sandboxContract } from "@openhands/testing";
import { SandboxError } from "../sandbox.ts";
import { type BubblewrapOptions, createBubblewrapProvider } from "./bubblewrap-provider.ts";

const server = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const person = { uid: 23_456, gid: 23_457 };
const stateFolder = await mkdtemp(join(tmpdir(), "openhands-bubblewrap-"));
const makeProvider = () => createBubblewrapProvider({ stateFolder, server });

afterAll(() => rm(stateFolder, { recursive: true, force: true }));

sandboxContract("bubblewrap", {
  makeProvider,
  owner: server.uid === 0 ? person : server,
  isolated: true,
  adoptable: false,
});

describe("bubblewrap", () => {
  it("never runs as root of this machine", async () => {
    const { spec, removeWorkspace } = await newSandboxSpec({ uid: 0, gid: 0 });
    const provider = makeProvider();
    const sandbox = await provider.create(spec, () => {});
    await runInSandbox(sandbox, ["touch", "file"]);
    expect((await stat(join(spec.workspace, "file"))).uid).toBe(61_000);
    const { stdout } = await runInSandbox(sandbox, ["grep", "^Cap", "/proc/self/status"]);
    expect(stdout.match(/0000000000000000/g)).toHaveLength(5);
    await sandbox.remove();
    await chown(spec.workspace, 0, 0);
    await expect(provider.create(spec, () => {})).rejects.toThrow(SandboxError);
    await removeWorkspace();
  });

  it("shows nothing of this machine but its programs", async () => {
    const { spec, removeWorkspace } = await newSandboxSpec(person);
    const sandbox = await makeProvider().create(spec, () => {});
    const secret = ["/etc/shadow", "/root", "/run", "/home/*/.ssh", stateFolder, "/var/lib", "/sys/kernel"];
    const { stdout } = await runInSandbox(sandbox, ["sh", "-c", `ls -d ${secret.join(" ")} 2>/dev/null`]);
    expect(stdout).toBe("");
    const write = await runInSandbox(sandbox, ["sh", "-c", "touch /usr/file /etc/file"]);
    expect(write.exit.code).not.toBe(0);
    await sandbox.remove();
    await removeWorkspace();
  });

  it("lets variables reach the command, and none the programs that enter the sandbox", async () => {
    const { spec, removeWorkspace } = await newSandboxSpec(person);
    const sandbox = await makeProvider().create(spec, () => {});
    const value = "a 'quoted' \"value\" with $HOME\nand a second line";
    const env = { PATH: `/workspace:${process.env["PATH"]}`, LD_PRELOAD: "/workspace/none.so", VALUE: value };
    const { stdout } = await runInSandbox(sandbox, ["sh", "-c", 'printf "%s" "$VALUE"; env'], { env });
    expect(stdout.startsWith(value)).toBe(true);
    expect(stdout).toContain("LD_PRELOAD=/workspace/none.so");
    expect(stdout).not.toContain("GUEST");
    await expect(sandbox.spawn(["true"], { env: { "a b": "" } })).rejects.toThrow(SandboxError);
    await sandbox.remove();
    await removeWorkspace();
  });

  it("says how to get bubblewrap where it is missing", async () => {
    const provider = createBubblewrapProvider({ stateFolder, server, bubblewrap: "/nonexistent/bwrap" });
    expect(await provider.check()).toMatchObject({
      ok: false,
      problem: expect.stringContaining("apt-get install bubblewrap"),
    });
  });

  it("tells when it was ended by another's hand", async () => {
    const { spec, removeWorkspace } = await newSandboxSpec(person);
    const sandbox = await makeProvider().create(spec, () => {});
    const inside = await sandbox.spawn(["sleep", "1000"]);
    const holder = execFileSync("pgrep", ["--full", `bwrap.*${spec.conversationId}`], { encoding: "utf8" });
    process.kill(Number(holder.split("\n")[0]), "SIGKILL");
    expect((await sandbox.ended).reason).toContain("ended");
    await inside.exit;
    await expect(sandbox.spawn(["true"])).rejects.toThrow(SandboxError);
    await sandbox.remove();
    await removeWorkspace();
  });

  it("ends with a server that is killed", async () => {
    const { spec, removeWorkspace } = await newSandboxSpec(person);
    const run = `
      const sandbox = await provider.create(${JSON.stringify(spec)}, () => {});
      const inside = await sandbox.spawn(["sh", "-c", "exec 1>/dev/null; exec sleep 1000"]);
      console.log("running");`;
    const other = startServer({ stateFolder, server }, run);
    await outputContaining(other.stdout, "running");
    const running = execFileSync("pgrep", ["--full", `bwrap.*${spec.conversationId}`], { encoding: "utf8" });
    const children = execFileSync("pgrep", ["--parent", running.trim().split("\n").join(",")], {
      encoding: "utf8",
    });
    expect(children.trim()).not.toBe("");
    other.kill("SIGKILL");
    for (const pid of `${running}${children}`.trim().split("\n")) {
      await expect.poll(() => isThere(Number(pid))).toBe(false);
    }
    await removeWorkspace();
  });

  it("leaves nothing of a start in whose midst the server is killed", async () => {
    const { spec, removeWorkspace } = await newSandboxSpec(person);
    // bwrap tells the pid of what waits inside before it lets that go on: here there is no room to tell it
    const bubblewrap = join(stateFolder, "bwrap-without-room");
    const full = 'mkfifo "$0.pipe"; exec 3<>"$0.pipe"; head -c 65536 /dev/zero >&3; exec bwrap "$@"';
    await writeFile(bubblewrap, `#!/bin/sh\n${full}\n`, { mode: 0o700 });
    const run = `await provider.create(${JSON.stringify(spec)}, () => {});`;
    const other = startServer({ stateFolder, server, bubblewrap }, run);
    const processes = (): string[] => processesNaming(spec.conversationId);
    const halves = (): string[] => processes().filter((line) => /^\d+ bwrap /.test(line));
    await expect.poll(halves).toHaveLength(2);
    other.kill("SIGKILL");
    await expect.poll(processes).toEqual([]);
    await removeWorkspace();
  });
});

/** A process that has a provider, does `then` with it, and goes on until it is killed. */
function startServer(options: BubblewrapOptions, then: string) {
  const program = `
    import { createBubblewrapProvider } from ${JSON.stringify(join(import.meta.dirname, "bubblewrap-provider.ts"))};
    const provider = createBubblewrapProvider(${JSON.stringify(options)});
    ${then}
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ["--input-type=module-typescript", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Pid and start of the command line of each process, but the server's, whose arguments name a conversation. */
function processesNaming(id: string): string[] {
  const listed = execFileSync("ps", ["-ww", "-A", "-o", "pid=,args="], { encoding: "utf8" });
  const lines = listed.split("\n").map((line) => line.trim());
  // the rest of a line is long
  return lines.filter((line) => line.includes(`/${id}/`)).map((line) => line.slice(0, 40));
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
