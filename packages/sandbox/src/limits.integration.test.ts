/** Limits where they are really held. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { limitsContract } from "@openhands/testing";
import { createBubblewrapProvider } from "./bubblewrap/bubblewrap-provider.ts";
import { createDockerProvider } from "./docker/docker-provider.ts";

const stateFolder = await mkdtemp(join(tmpdir(), "openhands-limits-"));
const server = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
afterAll(() => rm(stateFolder, { recursive: true, force: true }));

limitsContract("docker", () =>
  createDockerProvider({
    engine: { dockerHost: process.env["DOCKER_HOST"], home: homedir() },
    instance: randomBytes(6).toString("hex"),
    runtimeFolder: join(import.meta.dirname, "../../../runtime"),
  }),
);

limitsContract("bubblewrap", async () => {
  const provider = createBubblewrapProvider({ stateFolder, server });
  // without them the bomb would be this machine's
  expect((await provider.check()).notes.join()).not.toContain("No control groups");
  return provider;
});
