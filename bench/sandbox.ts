import { execFile } from "node:child_process";
import { readFile, realpath } from "node:fs/promises";
import { promisify } from "node:util";
import { createDockerProvider } from "@openhands/sandbox";
import { newSandboxSpec, temporaryHome } from "@openhands/testing";
import { probeConversation } from "../apps/server/test/conversation-probe.ts";
import { containerOf, containersOf, docker } from "../apps/server/test/engine-containers.ts";
import { type ServerProcess, startServerProcess } from "../apps/server/test/server-process.ts";
import { type Bench, type Figure, milliseconds } from "./bench.ts";

const rounds = 20;
const runtimeFolder = new URL("../runtime", import.meta.url).pathname;

/** What the life of a sandbox costs, the image being there. */
export const sandbox: Bench = {
  name: "sandbox",
  promise: "ready within 0.5 s, within 50 ms made ahead; idle ≤ 5 MB; deleted within 0.5 s",
  run: async () => [
    ...(await lifeOf("docker")),
    ...(await madeAhead()),
    ...(await spawnAndMemory()),
    ...(await lifeOf("bubblewrap")),
  ],
};

type Runtime = "docker" | "bubblewrap";

async function lifeOf(runtime: Runtime): Promise<Figure[]> {
  await using home = await temporaryHome();
  await using server = await startServerProcess({ home: home.path, runtime });
  const { conversations } = server.client;
  const times = { fresh: [] as number[], resumed: [] as number[], deleted: [] as number[] };
  // The first one may build the image.
  for (let round = 0; round <= rounds; round += 1) {
    let began = performance.now();
    const { id } = await conversations.create();
    using probe = probeConversation(server.client, id);
    await probe.state((info) => info.sandbox_status === "ready");
    const fresh = performance.now() - began;
    await server.client.suspend(id);
    await probe.state((info) => info.sandbox_status === "suspended");
    began = performance.now();
    await server.client.resume(id);
    await probe.state((info) => info.sandbox_status === "ready");
    const resumed = performance.now() - began;
    began = performance.now();
    await conversations.remove(id);
    if (round === 0) continue;
    times.fresh.push(fresh);
    times.resumed.push(resumed);
    times.deleted.push(performance.now() - began);
  }
  return [
    { what: `POST → ready, ${runtime}`, value: milliseconds(times.fresh) },
    { what: `suspended → ready, ${runtime}`, value: milliseconds(times.resumed) },
    { what: `DELETE to the caller, ${runtime}`, value: milliseconds(times.deleted) },
    { what: `20 created at once → all ready, ${runtime}`, value: await atOnce(server) },
  ];
}

async function atOnce({ client }: ServerProcess): Promise<string> {
  const began = performance.now();
  const created = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const { id } = await client.conversations.create();
      using probe = probeConversation(client, id);
      await probe.state((info) => info.sandbox_status === "ready");
      return id;
    }),
  );
  const value = `${((performance.now() - began) / 1000).toFixed(2)} s`;
  await Promise.all(created.map(async (id) => await client.conversations.remove(id)));
  return value;
}

/** Each conversation comes once the one made ahead for it is there, as when people take their time. */
async function madeAhead(): Promise<Figure[]> {
  await using home = await temporaryHome();
  const env = { OPENHANDS_POOL_SIZE: "1" };
  await using server = await startServerProcess({ home: home.path, runtime: "docker", env });
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    while ((await readyOf(home.path)) <= round);
    const began = performance.now();
    const { id } = await server.client.conversations.create();
    using probe = probeConversation(server.client, id);
    await probe.state((info) => info.sandbox_status === "ready");
    times.push(performance.now() - began);
  }
  return [{ what: "POST → ready, made ahead, docker", value: milliseconds(times) }];
}

/** An engine lists a container a moment before it answers for it: such a one is not ready yet. */
async function readyOf(home: string): Promise<number> {
  const names = await containersOf(await realpath(home));
  const logs = await Promise.all(names.map(async (name) => await docker("logs", name).catch(() => "")));
  return logs.filter((log) => log.includes("sandbox ready")).length;
}

async function spawnAndMemory(): Promise<Figure[]> {
  const dockerHost = process.env["DOCKER_HOST"];
  const engine = { dockerHost, home: "/" };
  const provider = createDockerProvider({ engine, instance: `bench-${process.pid}`, runtimeFolder });
  const { spec, removeWorkspace } = await newSandboxSpec({ uid: 1000, gid: 1000 });
  const made = await provider.create(spec, () => {});
  try {
    const memory = await memoryOf(containerOf(spec.conversationId));
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now();
      const process = await made.spawn(["true"]);
      process.stdout.resume();
      process.stderr.resume();
      await process.exit;
      times.push(performance.now() - began);
    }
    return [
      { what: "spawn of `true` → its end, docker", value: milliseconds(times) },
      { what: "idle container, its processes and its shim", value: memory },
    ];
  } finally {
    await made.remove();
    await removeWorkspace();
  }
}

/** What the processes of an idle container hold for themselves (PSS), and what the engine's shim beside it does. */
async function memoryOf(container: string): Promise<string> {
  const pid = (await docker("inspect", "--format", "{{.State.Pid}}", container)).trim();
  const { stdout } = await promisify(execFile)("ps", ["-o", "pid=", "--ppid", pid]);
  const inside = [pid, ...stdout.split("\n").map((line) => line.trim())].filter((line) => line !== "");
  const shim = /PPid:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";
  const megabytes = async (pids: readonly string[]): Promise<string> => {
    const sizes = await Promise.all(pids.map(async (one) => await proportionalKilobytes(one)));
    return (sizes.reduce((sum, size) => sum + size, 0) / 1024).toFixed(1);
  };
  return `${await megabytes(inside)} MB, shim ${await megabytes([shim])} MB`;
}

async function proportionalKilobytes(pid: string): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
}
