/** When a sandbox is there and when it is not: made ahead, waited for in line, let go when idle, left by a crash. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { call, hang, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { containerOf, containersOf, docker } from "./engine-containers.ts";
import { startServerProcess } from "./server-process.ts";

const model = { LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-0123456789" };
const eventually = { timeout: 30_000, interval: 50 };

describe("a sandbox made ahead", () => {
  const pool = { OPENHANDS_POOL_SIZE: "1" };

  it("is the next conversation's, ready at once and under its name, and another follows", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    llm.push(call("terminal", { command: "touch here; hostname" }), say("Done."));
    const env = { ...pool, ...model, LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: home.path, runtime: "docker", env });
    await expect.poll(async () => await containersOf(home.path), eventually).toHaveLength(1);
    const [ahead] = await containersOf(home.path);
    await expect.poll(async () => await docker("logs", ahead ?? ""), eventually).toContain("sandbox ready");
    const made = await server.client.conversations.create({ initial_message: { content: "go", run: true } });
    expect(made.sandbox_status).toBe("ready");
    expect(containerOf(made.id)).toBe(ahead);
    using probe = probeConversation(server.client, made.id);
    expect((await probe.state(settled)).execution_status).toBe("finished");
    expect(await readdir(join(home.path, "workspace", made.id))).toEqual(["here"]);
    await expect.poll(async () => await containersOf(home.path), eventually).toHaveLength(2);
  });

  it("is nobody's who asks for something of their own", async () => {
    await using home = await temporaryHome();
    await using server = await startServerProcess({ home: home.path, runtime: "docker", env: pool });
    await expect.poll(async () => await containersOf(home.path), eventually).toHaveLength(1);
    const id = "0123456789abcdef0123456789abcdef";
    const wishes = [{ conversation_id: id }, { sandbox: { memory_mb: 64 } }, { sandbox: { network: "off" } }];
    const [ahead] = await containersOf(home.path);
    for (const wish of wishes as Parameters<typeof server.client.conversations.create>[0][]) {
      expect(containerOf((await server.client.conversations.create(wish)).id)).not.toBe(ahead);
    }
  });

  it("leaves nothing behind, not when the server stops and not when it is killed", async () => {
    await using home = await temporaryHome();
    const start = { home: home.path, runtime: "docker", env: pool } as const;
    const first = await startServerProcess(start);
    await expect.poll(async () => await containersOf(home.path), eventually).toHaveLength(1);
    expect(await first.stop()).toBe(0);
    expect(await containersOf(home.path)).toEqual([]);
    for (const folder of ["workspace", "caches"]) expect(await readdir(join(home.path, folder))).toEqual([]);

    const second = await startServerProcess(start);
    await expect.poll(async () => await containersOf(home.path), eventually).toHaveLength(1);
    const left = await containersOf(home.path);
    await second.kill();
    await using third = await startServerProcess({ ...start, env: { OPENHANDS_POOL_SIZE: "0" } });
    await expect.poll(async () => await containersOf(home.path), eventually).not.toEqual(left);
    for (const folder of ["workspace", "caches", "pool"])
      await expect.poll(async () => await readdir(join(home.path, folder)), eventually).toEqual([]);
    expect((await third.client.conversations.search()).items).toEqual([]);
  });
});

describe("an idle sandbox", () => {
  it("goes, and the next message brings a fresh one with the same workspace", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    llm.push(call("terminal", { command: "echo kept > kept.txt" }), say("Written."));
    const env = { ...model, LLM_BASE_URL: llm.url, OPENHANDS_IDLE_SUSPEND_SECONDS: "0.5" };
    await using server = await startServerProcess({ home: home.path, runtime: "docker", env });
    const { id } = await server.client.conversations.create({
      initial_message: { content: "go", run: true },
    });
    using probe = probeConversation(server.client, id);
    await probe.event((event) => JSON.stringify(event).includes("Written."));
    await probe.state((info) => settled(info) && info.sandbox_status === "suspended");
    expect(await containersOf(home.path)).toEqual([]);
    llm.push(call("terminal", { command: "cat kept.txt" }), say("Read."));
    await server.client.events.send(id, { content: "go on", run: true });
    const read = await probe.event(
      (event) => event.kind === "ObservationEvent" && JSON.stringify(event).includes('"kept'),
    );
    expect(JSON.stringify(read)).toContain("The sandbox is a fresh one");
    await probe.event((event) => JSON.stringify(event).includes("Read."));
  });
});

describe("when all sandboxes that may run are taken", () => {
  it("an idle one makes room, a busy one never; who waits knows its place and can be stopped", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm({
      responder: ({ body }) => {
        if (JSON.stringify(body.messages).includes("be busy")) return hang();
        return body.messages.at(-1)?.role === "tool"
          ? say("Done.")
          : call("terminal", { command: "echo worked" });
      },
    });
    const env = { ...model, LLM_BASE_URL: llm.url, OPENHANDS_MAX_RUNNING: "1" };
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
    const { conversations } = server.client;
    const idle = await conversations.create();
    using idleProbe = probeConversation(server.client, idle.id);
    await idleProbe.state((info) => info.sandbox_status === "ready");

    const busy = await conversations.create({ initial_message: { content: "be busy", run: true } });
    using busyProbe = probeConversation(server.client, busy.id);
    await busyProbe.state((info) => info.sandbox_status === "ready");
    await idleProbe.state((info) => info.sandbox_status === "suspended");

    const work = { initial_message: { content: "work", run: true } };
    const second = await conversations.create(work);
    using secondProbe = probeConversation(server.client, second.id);
    await secondProbe.state((info) => info.sandbox_status === "queued" && info.sandbox.position === 1);
    const third = await conversations.create(work);
    using thirdProbe = probeConversation(server.client, third.id);
    await thirdProbe.state((info) => info.sandbox.position === 2);

    await server.client.interrupt(second.id);
    await secondProbe.state((info) => info.execution_status === "paused" && info.sandbox_status === "none");
    await thirdProbe.state((info) => info.sandbox.position === 1);
    expect((await conversations.get(busy.id)).sandbox_status).toBe("ready");

    await server.client.interrupt(busy.id);
    await busyProbe.state((info) => info.sandbox_status === "suspended");
    expect((await thirdProbe.state(settled)).execution_status).toBe("finished");
    expect(JSON.stringify(thirdProbe.events)).toContain("worked");
  });
});

describe("what conversations take of the machine", () => {
  it("is told as the engine tells it, and a cleanup lets go what nobody needs", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    const hold = "import time; block = bytearray(60 * 1024 ** 2); print(len(block)); time.sleep(1000)";
    llm.push(
      call("terminal", { command: `python3 -c '${hold}' & head -c 3000000 /dev/zero > file; sync; wait -n` }),
    );
    const env = { ...model, LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: home.path, runtime: "docker", env });
    const { id } = await server.client.conversations.create({
      initial_message: { content: "go", run: true },
    });
    const idle = await server.client.conversations.create();
    using probe = probeConversation(server.client, idle.id);
    await probe.state((info) => info.sandbox_status === "ready");
    const used = async () =>
      (await server.client.system.get()).conversations.find((row) => row.id === id) ?? null;
    await expect.poll(async () => (await used())?.disk_bytes ?? 0, eventually).toBeGreaterThan(2_900_000);
    await expect
      .poll(async () => (await used())?.memory_bytes ?? 0, eventually)
      .toBeGreaterThan(60 * 2 ** 20);
    const [told] = /[\d.]+(?=MiB)/.exec(
      await docker("stats", "--no-stream", "--format", "{{.MemUsage}}", containerOf(id)),
    ) ?? [""];
    const memory = ((await used())?.memory_bytes ?? 0) / 2 ** 20;
    expect(Math.abs(Number(told) - memory)).toBeLessThan(8);
    expect((await used())?.memory_limit_bytes).toBe(512 * 2 ** 20);

    expect(await server.client.system.cleanUp()).toEqual({ sandboxes_removed: 0, sandboxes_suspended: 1 });
    expect(await containersOf(home.path)).toEqual([containerOf(id)]);
    const { sandboxes } = await server.client.system.get();
    expect(sandboxes).toEqual({ running: 1, queued: 0 });
    await server.client.interrupt(id);
  });
});
