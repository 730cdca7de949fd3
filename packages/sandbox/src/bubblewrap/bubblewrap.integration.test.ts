import { execFileSync, spawn } from "node:child_process";
import { chown, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { newSandboxSpec, outputContaining, runInSandbox, sandboxContract } from "@openhands/testing";
import { SandboxError } from "../sandbox.ts";
import { createBubblewrapProvider } from "./bubblewrap-provider.ts";

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
    const program = `
      import { createBubblewrapProvider } from ${JSON.stringify(join(import.meta.dirname, "bubblewrap-provider.ts"))};
      const provider = createBubblewrapProvider(${JSON.stringify({ stateFolder, server })});
      const sandbox = await provider.create(${JSON.stringify(spec)}, () => {});
      const inside = await sandbox.spawn(["sh", "-c", "exec 1>/dev/null; exec sleep 1000"]);
      console.log("running");
      setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ["--input-type=module-typescript", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await outputContaining(other.stdout, "running");
    const running = execFileSync("pgrep", ["--full", `bwrap.*${spec.conversationId}`], { encoding: "utf8" });
    const children = execFileSync("pgrep", ["--parent", running.trim().split("\n").join(",")], {
      encoding: "utf8",
    });
    expect(children.trim()).not.toBe("");
    other.kill("SIGKILL");
    for (const pid of `${running}${children}`.trim().split("\n")) {
      await expect.poll(() => isThere(Number(pid)), { timeout: 10_000 }).toBe(false);
    }
    await removeWorkspace();
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
