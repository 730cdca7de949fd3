/** Limits where they are really held. */
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { limitsContract } from "@openhands/testing";
import { createDockerProvider } from "./docker/docker-provider.ts";

limitsContract("docker", () =>
  createDockerProvider({
    engine: { dockerHost: process.env["DOCKER_HOST"], home: homedir() },
    instance: randomBytes(6).toString("hex"),
    runtimeFolder: join(import.meta.dirname, "../../../runtime"),
  }),
);
