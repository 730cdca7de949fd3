/** What sandboxes may take is a setting; a change counts from the next sandbox on, also for those made ahead. */
import { ConversationId } from "@openhands/protocol";
import { temporaryHome } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { probeConversation } from "./conversation-probe.ts";
import { containerOf, containersOf, docker } from "./engine-containers.ts";
import { startServerProcess } from "./server-process.ts";

const eventually = { timeout: 60_000, interval: 50 };
const format = "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}";
const limitsOf = async (name: string): Promise<string> =>
  (await docker("inspect", "--format", format, name).catch(() => "")).trim();

describe("limits", () => {
  it("of the settings: what is made ahead is made again, and who is suspended comes back with them", async () => {
    await using home = await temporaryHome();
    const env = { OPENHANDS_POOL_SIZE: "" };
    await using server = await startServerProcess({ home: home.path, runtime: "docker", env });
    const { conversations, settings, system } = server.client;
    const usual = `${512 * 2 ** 20} 0 1024`;
    const changed = `${300 * 2 ** 20} 500000000 200`;
    const ahead = async (): Promise<string[]> =>
      await Promise.all((await containersOf(home.path)).map(async (name) => await limitsOf(name)));
    await expect.poll(ahead, eventually).toEqual([usual]);
    const before = await conversations.create({ conversation_id: ConversationId.parse("0".repeat(32)) });
    using probe = probeConversation(server.client, before.id);
    await probe.state((info) => info.sandbox_status === "ready");

    await settings.patch({ sandbox_memory_mb: 300, sandbox_cpus: 0.5, sandbox_processes: 200 });
    await expect.poll(async () => (await ahead()).toSorted(), eventually).toEqual([changed, usual]);
    expect(await limitsOf(containerOf(before.id))).toBe(usual);
    const { id } = await conversations.create();
    expect(await limitsOf(containerOf(id))).toBe(changed);
    await server.client.suspend(before.id);
    await server.client.resume(before.id);
    await probe.state((info) => info.sandbox_status === "ready" && info.sandbox.limits?.memory_mb === 300);
    expect(await limitsOf(containerOf(before.id))).toBe(changed);

    await settings.patch({ sandbox_pool_size: 0, sandbox_max_running: 7, sandbox_idle_seconds: 60 });
    const owned = [containerOf(id), containerOf(before.id)].toSorted();
    await expect.poll(async () => (await containersOf(home.path)).toSorted(), eventually).toEqual(owned);
    const { limits, runtime } = await system.get();
    expect(limits).toEqual({
      memory_mb: 300,
      cpus: 0.5,
      processes: 200,
      max_running: 7,
      pool_size: 0,
      idle_suspend_seconds: 60,
    });
    expect(runtime.image).toMatchObject({ state: "present" });
  });

  it("of the environment win, and the settings say so; what makes no sense is refused", async () => {
    await using home = await temporaryHome();
    const env = { OPENHANDS_MEMORY_MB: "256", OPENHANDS_PROCESSES: "99" };
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
    const { settings, system } = server.client;
    const info = await settings.patch({ sandbox_memory_mb: 300 });
    expect(info.overridden_by).toEqual({
      sandbox_memory_mb: "OPENHANDS_MEMORY_MB",
      sandbox_processes: "OPENHANDS_PROCESSES",
      sandbox_pool_size: "OPENHANDS_POOL_SIZE",
    });
    expect((await system.get()).limits).toMatchObject({ memory_mb: 256, processes: 99, pool_size: 0 });
    for (const wrong of [{ sandbox_memory_mb: 1 }, { sandbox_pool_size: -1 }, { sandbox_cpus: 0 }])
      await expect(settings.patch(wrong)).rejects.toMatchObject({ status: 422 });
    const { id } = await server.client.conversations.create();
    using probe = probeConversation(server.client, id);
    const { sandbox } = await probe.state((state) => state.sandbox_status === "ready");
    expect(sandbox.limits).toMatchObject({ memory_mb: 256, processes: 99 });
  });
});
