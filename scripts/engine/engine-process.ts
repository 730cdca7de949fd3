/** A dockerd of our own on a private socket, with its own data. Only root can start one. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const startSeconds = 60;
const stopSeconds = 20;

export interface EngineProcess {
  /** for the environment variable DOCKER_HOST */
  readonly dockerHost: string;
  /** Resolves when it is gone; one that doesn't end in time is killed. Idempotent. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

export interface EngineProcessOptions {
  /** Holds its data, which the next one on the same folder finds again. Exists. */
  readonly folder: string;
  /** "own": it reaches nothing and touches nothing of this machine's network, nor another engine's rules for it */
  readonly network: "own" | "shared";
}

/** Resolves when it answers. @throws Error with its last words where it doesn't */
export async function startEngineProcess({ folder, network }: EngineProcessOptions): Promise<EngineProcess> {
  await mountControlGroups();
  const dockerHost = `unix://${join(folder, "docker.sock")}`;
  const logPath = join(folder, "log");
  const log = await open(logPath, "w");
  // where nobody reaps, a killed engine takes what is left of its containerd for one that runs
  await rm(join(folder, "exec-root/containerd/containerd.pid"), { force: true });
  const places = ["data-root", "exec-root", "pidfile"].map((option) => `--${option}=${join(folder, option)}`);
  const words = ["dockerd", `--host=${dockerHost}`, ...places];
  const [program = "", ...rest] = network === "own" ? ["unshare", "--net", ...words] : words;
  const child = spawn(program, rest, { stdio: ["ignore", log.fd, log.fd] });
  const over = once(child, "exit").catch((error: unknown) => console.error(error));
  await log.close();
  const end = async (signal: NodeJS.Signals): Promise<void> => await endProcess(child, signal, over);
  const deadline = Date.now() + startSeconds * 1000;
  while (!(await engineAnswers(dockerHost))) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
      const lastWords = (await readFile(logPath, "utf8")).split("\n").slice(-15).join("\n");
      await end("SIGTERM");
      throw new Error(`The container engine did not start:\n${lastWords}`);
    }
    await after(200);
  }
  return { dockerHost, end };
}

/** With all that it holds, also what an engine that was killed has left mounted there. */
export async function removeEngineFolder(folder: string): Promise<void> {
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).toReversed()) {
    await run("umount", ["--lazy", mount]);
  }
  await rm(folder, { recursive: true, force: true });
}

export async function engineAnswers(host: string): Promise<boolean> {
  return run("docker", ["--host", host, "version", "--format", "{{.Server.Version}}"], {
    timeout: 5000,
  }).then(
    () => true,
    () => false,
  );
}

async function endProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
  over: Promise<unknown>,
): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), stopSeconds * 1000);
  await over;
  clearTimeout(late);
}

/** A machine without an init system may have none mounted. */
async function mountControlGroups(): Promise<void> {
  if ((await readdir("/sys/fs/cgroup")).length === 0) await run("cgroupfs-mount");
}
