/** What stands on the engine is what conversations have: no more after a crash, and nothing of anyone else's is touched. */
import { randomBytes } from "node:crypto";
import { ConversationId } from "@openhands/protocol";
import { temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { type Clock, systemClock } from "../src/clock.ts";
import { readConfig } from "../src/config.ts";
import { instanceOf } from "../src/sandboxes/providers.ts";
import { wire } from "../src/wiring.ts";
import { probeConversation } from "./conversation-probe.ts";
import { containerOf, containersOf, docker } from "./engine-containers.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const eventually = { timeout: 60_000, interval: 100 };
const newId = (): ConversationId => ConversationId.parse(randomBytes(16).toString("hex"));

async function readyConversation({ client }: ServerProcess): Promise<ConversationId> {
  const { id } = await client.conversations.create();
  using probe = probeConversation(client, id);
  await probe.state((info) => info.sandbox_status === "ready");
  return id;
}

/** A container that looks like one of ours but for its labels. */
async function foreignContainer(image: string, labels: readonly string[]): Promise<string> {
  const words = labels.flatMap((label) => ["--label", label]);
  return (await docker("create", "--name", containerOf(newId()), ...words, image, "true")).trim();
}

it("twenty made, ten deleted, the server killed: the next one has ten, and others' stay", async () => {
  await using home = await temporaryHome();
  const start = async (): Promise<ServerProcess> =>
    await startServerProcess({ home: home.path, runtime: "docker", env: { OPENHANDS_MAX_RUNNING: "20" } });
  const first = await start();
  const ids = await Promise.all(Array.from({ length: 20 }, async () => await readyConversation(first)));
  const image = (await docker("inspect", "--format", "{{.Image}}", containerOf(ids[0] ?? newId()))).trim();
  const foreign = [
    await foreignContainer(image, []),
    await foreignContainer(image, ["openhands.instance=another", `openhands.conversation=${newId()}`]),
  ];
  try {
    const deleted = ids.slice(0, 10).map(async (id) => await first.client.conversations.remove(id));
    await Promise.race(deleted);
    const orphan = containerOf(newId());
    const labels = [
      `openhands.instance=${instanceOf(home.path)}`,
      `openhands.conversation=${orphan.slice(-32)}`,
    ];
    await docker("create", "--name", orphan, ...labels.flatMap((label) => ["--label", label]), image);
    await Promise.all(deleted);
    await first.kill();
    await using second = await start();
    const kept = ids.slice(10).map(containerOf).toSorted();
    await expect.poll(async () => (await containersOf(home.path)).toSorted(), eventually).toEqual(kept);
    await second.client.system.cleanUp();
    for (const container of foreign) {
      expect(await docker("inspect", "--format", "{{.Id}}", container)).toContain(container);
    }
  } finally {
    await docker("rm", "--force", ...foreign);
  }
  expect(await containersOf(home.path)).toEqual([]);
});

it("what nobody answers for goes by the clock", async () => {
  await using home = await temporaryHome();
  const acts: (() => void)[] = [];
  const clock: Clock = {
    ...systemClock,
    every: (_, act) => {
      acts.push(act);
      return () => {};
    },
  };
  const config = readConfig(["--runtime", "docker", "--home", home.path], {
    DOCKER_HOST: process.env["DOCKER_HOST"],
    OPENHANDS_POOL_SIZE: "0",
    LOG_LEVEL: "silent",
  });
  const { sessions, lock } = await wire(config, () => "", clock);
  await sessions.reconcile(false);
  const { session } = await sessions.create({});
  await session.sandbox.tools();
  const own = containerOf(session.log.conversationId);
  const image = (await docker("inspect", "--format", "{{.Image}}", own)).trim();
  const orphan = newId();
  const words = ["--label", `openhands.conversation=${orphan}`, image];
  await docker(
    "create",
    "--name",
    containerOf(orphan),
    "--label",
    `openhands.instance=${instanceOf(home.path)}`,
    ...words,
  );
  expect(await containersOf(home.path)).toHaveLength(2);
  for (const act of acts) act();
  await expect.poll(async () => await containersOf(home.path), eventually).toEqual([own]);
  await sessions.close();
  lock.release();
  expect(await containersOf(home.path)).toEqual([]);
});
