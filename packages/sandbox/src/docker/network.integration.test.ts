import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { connectEngine } from "./engine.ts";
import { findEngineSocket } from "./engine-address.ts";
import { ensureNetwork } from "./network.ts";
import { ownImageName } from "./runtime-image.ts";

const search = { dockerHost: process.env["DOCKER_HOST"], home: homedir() };
const { engine } = await connectEngine(await findEngineSocket(search));
const name = `openhands-test-${randomBytes(6).toString("hex")}`;

afterAll(() => engine.getNetwork(name).remove());

it("makes the network once, and makes one anew that lets containers reach each other", async () => {
  const open = await engine.createNetwork({ Name: name });
  const made = await ensureNetwork(engine, name);
  expect(made).not.toBe(open.id);
  expect(await ensureNetwork(engine, name)).toBe(made);
  const { Options } = await engine.getNetwork(made).inspect();
  expect(Options).toMatchObject({ "com.docker.network.bridge.enable_icc": "false" });
});

it("refuses one that lets containers reach each other while someone uses it", async () => {
  await engine.getNetwork(name).remove();
  const open = await engine.createNetwork({ Name: name });
  const container = await engine.createContainer({
    Image: await ownImageName(join(import.meta.dirname, "../../../../runtime")),
    Cmd: ["sleep", "1000"],
    HostConfig: { NetworkMode: name },
  });
  await container.start();
  try {
    await expect(ensureNetwork(engine, name)).rejects.toThrow(new RegExp(`docker network rm ${name}`));
    expect((await open.inspect()).Id).toBe(open.id);
  } finally {
    await container.remove({ force: true });
  }
});
