/** The agent's tools where they really run. The local kind has them beside its own code. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { toolsContract } from "@openhands/testing";
import { createBubblewrapProvider } from "../bubblewrap/bubblewrap-provider.ts";
import { createDockerProvider } from "../docker/docker-provider.ts";

const stateFolder = await mkdtemp(join(tmpdir(), "openhands-tools-"));
afterAll(() => rm(stateFolder, { recursive: true, force: true }));

const server = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
toolsContract("bubblewrap", () => createBubblewrapProvider({ stateFolder, server }));

toolsContract("docker", () =>
  createDockerProvider({
    engine: { dockerHost: process.env["DOCKER_HOST"], home: homedir() },
    instance: randomBytes(6).toString("hex"),
    runtimeFolder: join(import.meta.dirname, "../../../../runtime"),
  }),
);
