/**
 * Where the container engine listens: what DOCKER_HOST says, else the docker context in use, else the usual sockets.
 * The environment is not read here; it comes as an argument.
 */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { SandboxError } from "../sandbox.ts";

export interface EngineSearch {
  /** DOCKER_HOST as the person set it, e.g. unix:///var/run/docker.sock or a plain path */
  readonly dockerHost?: string | undefined;
  /** DOCKER_CONTEXT */
  readonly dockerContext?: string | undefined;
  /** DOCKER_CONFIG; default .docker in home */
  readonly dockerConfig?: string | undefined;
  /** XDG_RUNTIME_DIR */
  readonly runtimeDirectory?: string | undefined;
  /** the person's home directory */
  readonly home: string;
}

const ClientConfig = z.looseObject({ currentContext: z.string().optional() });
const ContextMeta = z.looseObject({
  Endpoints: z.looseObject({ docker: z.looseObject({ Host: z.string() }).optional() }),
});

/**
 * The path of the engine's socket. That something answers there is not checked.
 * @throws SandboxError where the engine is on another machine, the context is not known, or no socket is there
 */
export async function findEngineSocket(search: EngineSearch): Promise<string> {
  const host = search.dockerHost ?? (await hostOfContext(search));
  if (host) return socketPath(host);
  const usual = usualSockets(search);
  for (const path of usual) if (await isSocket(path)) return path;
  throw new SandboxError(
    `No container engine was found: install Docker (or Podman) and start it, or set DOCKER_HOST. Looked at ${usual.join(", ")}.`,
  );
}

function usualSockets(search: EngineSearch): readonly string[] {
  const runtime = search.runtimeDirectory;
  return [
    "/var/run/docker.sock",
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    join(search.home, ".docker/run/docker.sock"),
    ...(runtime ? [join(runtime, "podman/podman.sock")] : []),
    "/run/podman/podman.sock",
  ];
}

function socketPath(host: string): string {
  if (host.startsWith("/")) return host;
  if (host.startsWith("unix://")) return host.slice("unix://".length);
  throw new SandboxError(
    `The engine ${host.split("@").at(-1)} is on another machine, where this machine's workspaces can't be mounted: use an engine with a local socket.`,
  );
}

async function hostOfContext(search: EngineSearch): Promise<string | null> {
  const folder = search.dockerConfig ?? join(search.home, ".docker");
  const config = ClientConfig.safeParse(await readJson(join(folder, "config.json")));
  const name = search.dockerContext ?? config.data?.currentContext;
  if (!name || name === "default") return null;
  const id = createHash("sha256").update(name).digest("hex");
  const meta = ContextMeta.safeParse(await readJson(join(folder, "contexts/meta", id, "meta.json")));
  const host = meta.data?.Endpoints.docker?.Host;
  if (host !== undefined) return host;
  throw new SandboxError(
    `The docker context ${name} is in use, but ${folder} says nothing of it: choose another with \`docker context use\`, or set DOCKER_HOST.`,
  );
}

/** null where there is no such file or it isn't JSON: the client's configuration is not ours to judge. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return null;
  }
}

async function isSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isSocket(),
    () => false,
  );
}
