/** What must not work from inside, tried as an agent would: through its terminal and its file tool. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ContractSandbox,
  contractSandbox,
  type MakeProvider,
  type ToolsSession,
  toolsSession,
} from "./tools-session.ts";

export interface IsolationHarness {
  readonly makeProvider: MakeProvider;
  /** paths of sockets and keys of this machine that no agent may see */
  readonly forbidden: readonly string[];
  /** to whom workspaces belong on this machine */
  readonly owner: number;
  /** The engine filters system calls. */
  readonly filtered: boolean;
}

const secret = "a-secret-of-this-machine";

export function isolationContract(name: string, harness: IsolationHarness): void {
  describe(`${name}, a workspace of uid ${harness.owner}: what an agent can't do`, () => {
    let own: ContractSandbox;
    let other: ContractSandbox;
    let session: ToolsSession;
    let neighbour: ToolsSession;
    /** a folder of this machine that everyone on it may read and write */
    let outside: string;

    beforeAll(async () => {
      outside = await mkdtemp(join(tmpdir(), "openhands-outside-"));
      await chmod(outside, 0o777);
      await writeFile(join(outside, "secret"), secret, { mode: 0o666 });
      await mkdir(join(outside, "folder"));
      await chmod(join(outside, "folder"), 0o777);
      const owner = { uid: harness.owner, gid: harness.owner };
      own = await contractSandbox(harness.makeProvider, {}, owner);
      other = await contractSandbox(harness.makeProvider, {}, owner);
      session = toolsSession(own.sandbox);
      neighbour = toolsSession(other.sandbox);
    });

    afterAll(async () => {
      await session[Symbol.asyncDispose]();
      await neighbour[Symbol.asyncDispose]();
      await own.dispose();
      await other.dispose();
      await rm(outside, { recursive: true });
    });

    it("has no descriptor of another conversation's terminal", async () => {
      const held = 'for fd in /proc/[0-9]*/fd/*; do readlink "$fd"; done 2>/dev/null | grep -c ptmx';
      for (const each of [session, neighbour, session, neighbour]) {
        expect(await each.output(held)).toBe("0");
        const fresh = toolsSession(each === session ? own.sandbox : other.sandbox);
        await using _ = fresh;
        expect(await fresh.output("ls /proc/$$/fd | grep -vxE '0|1|2|255' | wc -l")).toBe("0");
        expect(await fresh.output(held)).toBe("0");
      }
    });

    it("has no capability, and can't get one", async () => {
      const status = await session.output("grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status");
      expect(status.match(/^Cap\w+:\s0000000000000000$/gm)).toHaveLength(5);
      expect(status).toMatch(/^NoNewPrivs:\s1$/m);
      if (harness.filtered) expect(status).toMatch(/^Seccomp:\s2$/m);
      expect(await session.output("id -u; stat -c %u .")).toBe(`${harness.owner}\n${harness.owner}`);
    });

    it("sees no engine's socket, no key and no account of this machine", async () => {
      const usual = [
        "/var/run/docker.sock",
        "/run/docker.sock",
        "/run/podman/podman.sock",
        "/run/containerd",
      ];
      const paths = [...usual, ...harness.forbidden].join(" ");
      expect(await session.output(`ls -d ${paths} 2>/dev/null`)).toBe("");
      expect(await session.output("find / -xdev -type s 2>/dev/null")).toBe("");
      const accounts = await readFile("/etc/shadow", "utf8");
      expect(await session.output("cat /etc/shadow")).not.toContain(accounts.trim());
    });

    it("reaches no file of this machine by its path, nor through a link in the workspace", async () => {
      const path = join(outside, "secret");
      expect(
        await session.output(`cat ${path}; ln -s ${path} link; cat link; cat /proc/1/root${path}`),
      ).not.toContain(secret);
      const view = await session.edit({ command: "view", path: "/workspace/link" });
      expect(view.is_error).toBe(true);
      await session.edit({ command: "create", path: "/workspace/link", file_text: "changed" });
      await session.output(`mkdir -p ${outside}; echo changed > ${path}`);
      expect(await readFile(path, "utf8")).toBe(secret);
    });

    it("gets no file written elsewhere by a folder that is swapped for a link meanwhile", async () => {
      const target = join(outside, "folder");
      await session.output(
        `mkdir real; (while :; do ln -sfn ${target} swapped; ln -sfn /workspace/real swapped; done) >/dev/null 2>&1 & echo`,
      );
      const writes = Array.from({ length: 30 }, (_, index) =>
        session.edit({ command: "create", path: `/workspace/swapped/file${index}`, file_text: "text" }),
      );
      await Promise.all(writes);
      await session.run("kill %1; wait");
      expect(await readdir(target)).toEqual([]);
    });

    it("reaches nothing of another conversation's: files, processes, ports", async () => {
      await neighbour.output("echo theirs > /workspace/theirs; echo theirs > /tmp/theirs");
      await neighbour.run("python3 -m http.server 18799 >/dev/null 2>&1 & sleep 54321 &");
      await neighbour.output("until curl -s 127.0.0.1:18799 >/dev/null; do sleep 0.1; done");
      expect(await session.output("find / -xdev -name theirs 2>/dev/null")).toBe("");
      const seen = "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '";
      expect(await neighbour.output(seen)).toContain("sleep 54321");
      expect(await session.output(seen)).not.toContain("sleep 54321");
      expect(await session.output("curl -s --max-time 2 127.0.0.1:18799 || echo refused")).toBe("refused");
    });

    it("has no devices, mounts or settings of the kernel", async () => {
      const attempts = [
        "mknod disk b 8 0",
        "cat /dev/sda /dev/vda /dev/mem /dev/kmsg",
        "mount -t tmpfs none /mnt",
        "mount -t proc none /mnt",
        "echo 1 > /proc/sys/vm/overcommit_memory",
        "echo b > /proc/sysrq-trigger",
        "chroot / true",
        "date -s 2001-01-01",
        "hostname owned",
        `unshare -Ur grep -q ${secret} ${join(outside, "secret")}`,
      ];
      for (const attempt of attempts) {
        const tried = await session.output(`(${attempt}) >/dev/null 2>&1 && echo done || echo refused`);
        expect(`${attempt}: ${tried}`).toBe(`${attempt}: refused`);
      }
    });
  });
}
