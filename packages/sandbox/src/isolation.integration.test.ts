/** Isolation where it is really done. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { isolationContract } from "@openhands/testing";
import { createBubblewrapProvider } from "./bubblewrap/bubblewrap-provider.ts";
import { createDockerProvider } from "./docker/docker-provider.ts";
import { findEngineSocket } from "./docker/engine-address.ts";

const search = { dockerHost: process.env["DOCKER_HOST"], home: homedir() };
const stateFolder = await mkdtemp(join(tmpdir(), "openhands-isolation-"));
const server = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const forbidden = [
  await findEngineSocket(search),
  stateFolder,
  join(homedir(), ".openhands"),
  import.meta.dirname,
];
const runtimeFolder = join(import.meta.dirname, "../../../runtime");
afterAll(() => rm(stateFolder, { recursive: true, force: true }));

for (const owner of [0, 1000, 635_438_412]) {
  isolationContract("docker", {
    makeProvider: () =>
      createDockerProvider({ engine: search, instance: randomBytes(6).toString("hex"), runtimeFolder }),
    owner,
    forbidden,
    filtered: true,
  });
}

// that commands never run as root of this machine is tested beside it
for (const owner of [1000, 635_438_412]) {
  isolationContract("bubblewrap", {
    makeProvider: () => createBubblewrapProvider({ stateFolder, server }),
    owner,
    forbidden,
    filtered: false,
  });
}
