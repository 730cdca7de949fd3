/** What stands on the container engine, asked as a person would: with the docker command. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";

const engine = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";

export type Docker = (...words: string[]) => Promise<string>;

/** @returns the docker command on the engine at `host`; it resolves with what was printed */
export const dockerAt =
  (host: string): Docker =>
  async (...words) => {
    const { stdout } = await promisify(execFile)("docker", ["--host", host, ...words], {
      maxBuffer: 2 ** 25,
    });
    return stdout;
  };

export const docker = dockerAt(engine);

/** Names of the containers, running or not, that carry the label of the server on this home. */
export async function containersOf(home: string, on: Docker = docker): Promise<string[]> {
  const instance = createHash("sha256").update(home).digest("hex").slice(0, 12);
  const filter = `label=openhands.instance=${instance}`;
  const names = await on("ps", "--all", "--filter", filter, "--format", "{{.Names}}");
  return names.split("\n").filter((name) => name !== "");
}

export const containerOf = (id: string): string => `openhands-runtime-${id}`;
