/** Images that can't be had, built or run: told with what the engine said, and had again once the cause is gone. */
import { readFile } from "node:fs/promises";
import { importBusyboxImage, temporaryHome, type TemporaryHome } from "@openhands/testing";
import { readConfig } from "../src/config.ts";
import { examine } from "../src/doctor/examine.ts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { baseImageOf } from "../../../scripts/engine/ensure-base-image.ts";
import { probeConversation } from "./conversation-probe.ts";
import { containersOf, type Docker, dockerAt } from "./engine-containers.ts";
import { type OwnEngine, startOwnEngine } from "./own-engine.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const dockerfile = new URL("../../../runtime/Dockerfile", import.meta.url);
const image = "openhands.invalid/tools:1";
/** Says 60 lines and ends with 7, as what PID 1 of a container should be. */
const brokenShell =
  "#!/bin/ash\nline=1; while [ $line -le 60 ]; do echo line $line; line=$((line + 1)); done; exit 7\n";
const script = (line: string): string => `#!/bin/ash\n${line}\n`;

let engine: OwnEngine;
let docker: Docker;
let home: TemporaryHome;

beforeAll(async () => {
  engine = await startOwnEngine();
  docker = dockerAt(engine.dockerHost);
});

afterAll(async () => await engine[Symbol.asyncDispose]());

beforeEach(async () => {
  home = await temporaryHome();
});

afterEach(async () => await home[Symbol.asyncDispose]());

const importImage = async (name: string, programs: Readonly<Record<string, string>> = {}) =>
  await importBusyboxImage({ dockerHost: engine.dockerHost, image: name, programs });

const serve = async (own: Readonly<Record<string, string>> = {}): Promise<ServerProcess> =>
  await startServerProcess({
    home: home.path,
    runtime: "docker",
    env: { DOCKER_HOST: engine.dockerHost, ...own },
  });

/** What `openhands doctor` finds beside the server; it builds nothing itself. */
const doctor = async () =>
  await examine(
    readConfig([], {
      OPENHANDS_HOME: home.path,
      OPENHANDS_RUNTIME: "docker",
      DOCKER_HOST: engine.dockerHost,
      PORT: "0",
    }),
  );

it("a container that ends at once: exit code and last 50 lines; the same conversation has it once it works", async () => {
  await importImage("works:1", { sh: brokenShell });
  await using server = await serve();
  const { id } = await server.client.conversations.create({ sandbox: { image: "works:1" } });
  using probe = probeConversation(server.client, id);
  const { sandbox } = await probe.state((info) => info.sandbox_status === "error");
  expect(sandbox).toMatchObject({ message: "The container ended at once with exit code 7.", exit_code: 7 });
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index + 11}`);
  expect(sandbox.log_tail?.split("\n")).toEqual(lines);
  expect(await containersOf(home.path, docker)).toEqual([]);

  await importImage("works:1");
  await server.client.resume(id);
  await probe.state((info) => info.sandbox_status === "ready");
});

it("an image that is named for all and can't be had: named in the error; had once it is there", async () => {
  await using server = await serve({ OPENHANDS_RUNTIME_IMAGE: image });
  const { id } = await server.client.conversations.create();
  using probe = probeConversation(server.client, id);
  const { sandbox } = await probe.state((info) => info.sandbox_status === "error");
  expect(sandbox.message).toMatch(
    /openhands\.invalid\/tools:1 is not on this machine.*could not be downloaded/,
  );
  await importImage(image);
  await server.client.resume(id);
  await probe.state((info) => info.sandbox_status === "ready");
});

/** The steps of the project's own Dockerfile are run for real, on a base whose apt-get does what is asked here. */
const importBase = async (aptGet: string): Promise<void> =>
  await importImage(baseImageOf(await readFile(dockerfile, "utf8")), {
    "apt-get": script(aptGet),
    git: script("exit 0"),
  });

it("a build that is under way does not keep the server from stopping, and leaves nothing", async () => {
  await importBase("sleep 1000");
  const server = await serve();
  await server.client.conversations.create();
  const building = async (): Promise<string> => await docker("ps", "--no-trunc", "--format", "{{.Command}}");
  await expect.poll(building, { timeout: 60_000 }).toContain("apt-get update");
  expect(await server.stop()).toBe(0);
  await expect.poll(async () => await docker("ps", "--all", "--quiet"), { timeout: 60_000 }).toBe("");
});

it("a build that fails: told with its output; built at the next try", async () => {
  await importBase("echo the mirror is on holiday >&2; exit 100");
  await using server = await serve();
  const { id } = await server.client.conversations.create();
  using probe = probeConversation(server.client, id);
  const { sandbox } = await probe.state((info) => info.sandbox_status === "error");
  expect(sandbox.message).toMatch(/^The sandbox image could not be built: .*100/);
  expect(sandbox.log_tail).toContain("the mirror is on holiday");
  expect(await docker("ps", "--all", "--quiet")).toBe("");
  const found = (await doctor()).filter(({ check }) => check === "image");
  expect(found).toMatchObject([{ state: "note", message: expect.stringContaining("not on this engine") }]);
  await importBase("exit 0");
  await server.client.resume(id);
  await probe.state((info) => info.sandbox_status === "ready");
  expect(await doctor()).toContainEqual(
    expect.objectContaining({ check: "image", state: "ok", message: expect.stringContaining("is there") }),
  );
});
