/**
 * A container engine for the tests: the one that answers, else a dockerd of our own on a private socket, with its own
 * data, that ends with them.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { open, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const startSeconds = 60;

export interface TestEngine {
  /** for the environment variable DOCKER_HOST */
  readonly dockerHost: string;
  /** Ends the engine if it is ours, with everything in it. Idempotent. */
  stop(): Promise<void>;
}

/**
 * @param dockerHost DOCKER_HOST as the person set it; the usual sockets when undefined
 * @throws Error with the engine's last words where none answers and none could be started
 */
export async function ensureEngine(dockerHost: string | undefined): Promise<TestEngine> {
  const named = dockerHost ? [dockerHost] : usualHosts();
  for (const host of named) {
    if (await answers(host)) return { dockerHost: host, stop: async () => {} };
  }
  if (dockerHost) throw new Error(`DOCKER_HOST is ${dockerHost}, but no engine answers there.`);
  if (process.getuid?.() !== 0) throw new Error("No container engine answers, and only root can start one.");
  return startEngine();
}

function usualHosts(): readonly string[] {
  const runtime = process.env["XDG_RUNTIME_DIR"];
  const sockets = [
    "/var/run/docker.sock",
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    join(homedir(), ".docker/run/docker.sock"),
  ];
  return sockets.map((path) => `unix://${path}`);
}

async function answers(host: string): Promise<boolean> {
  return run("docker", ["--host", host, "version", "--format", "{{.Server.Version}}"], {
    timeout: 5000,
  }).then(
    () => true,
    () => false,
  );
}

async function startEngine(): Promise<TestEngine> {
  await mountControlGroups();
  const folder = await mkdtemp(join(tmpdir(), "openhands-engine-"));
  const dockerHost = `unix://${join(folder, "docker.sock")}`;
  const logPath = join(folder, "log");
  const log = await open(logPath, "w");
  const places = ["data-root", "exec-root", "pidfile"].map((option) => `--${option}=${join(folder, option)}`);
  console.log(`Starting a container engine in ${folder}`);
  const engine = spawn("dockerd", [`--host=${dockerHost}`, ...places], {
    stdio: ["ignore", log.fd, log.fd],
  });
  const over = once(engine, "exit").catch((error: unknown) => console.error(error));
  await log.close();
  const stop = async (): Promise<void> => {
    await endProcess(engine, over);
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + startSeconds * 1000;
  while (!(await answers(dockerHost))) {
    if (engine.exitCode !== null || engine.pid === undefined || Date.now() > deadline) {
      const lastWords = (await readFile(logPath, "utf8")).split("\n").slice(-15).join("\n");
      await stop();
      throw new Error(`The container engine did not start:\n${lastWords}`);
    }
    await after(200);
  }
  return { dockerHost, stop };
}

async function endProcess(engine: ChildProcess, over: Promise<unknown>): Promise<void> {
  if (engine.pid === undefined || engine.exitCode !== null) return;
  engine.kill("SIGTERM");
  const late = setTimeout(() => engine.kill("SIGKILL"), 20_000);
  await over;
  clearTimeout(late);
}

/** A machine without an init system may have none mounted. */
async function mountControlGroups(): Promise<void> {
  if ((await readdir("/sys/fs/cgroup")).length === 0) await run("cgroupfs-mount");
}
