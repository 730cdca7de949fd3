/**
 * A container engine for the tests: the one that answers, else a dockerd of our own on a private socket, with its own
 * data, that ends with them.
 */
import { chmod, mkdtemp } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { engineAnswers, removeEngineFolder, startEngineProcess } from "./engine-process.ts";

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
    if (await engineAnswers(host)) return { dockerHost: host, stop: async () => {} };
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

async function startEngine(): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), "openhands-engine-"));
  // whoever is in the socket's group may use it, and must get there
  await chmod(folder, 0o711);
  console.log(`Starting a container engine in ${folder}`);
  try {
    const engine = await startEngineProcess({ folder, network: "shared" });
    const stop = async (): Promise<void> => {
      await engine.end("SIGTERM");
      await removeEngineFolder(folder);
    };
    return { dockerHost: engine.dockerHost, stop };
  } catch (error) {
    await removeEngineFolder(folder);
    throw error;
  }
}
