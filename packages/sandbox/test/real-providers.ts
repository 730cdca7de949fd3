/** The kinds of sandbox that isolate, as tests make them: with the engine and the image that are really there. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createBubblewrapProvider } from "../src/bubblewrap/bubblewrap-provider.ts";
import { createDockerProvider } from "../src/docker/docker-provider.ts";
import type { SandboxProvider } from "../src/sandbox.ts";

/** Each call makes one that knows nothing of the others' containers. */
export const dockerProvider = (): SandboxProvider =>
  createDockerProvider({
    engine: { dockerHost: process.env["DOCKER_HOST"], home: homedir() },
    instance: randomBytes(6).toString("hex"),
    runtimeFolder: join(import.meta.dirname, "../../../runtime"),
  });

const stateFolder = await mkdtemp(join(tmpdir(), "openhands-bubblewrap-"));
afterAll(() => rm(stateFolder, { recursive: true, force: true }));
const server = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

export const bubblewrapProvider = (): SandboxProvider => createBubblewrapProvider({ stateFolder, server });

export const realProviders = { docker: dockerProvider, bubblewrap: bubblewrapProvider };
