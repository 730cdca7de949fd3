/** An engine that ends in the middle of a command, in order or killed, costs the command and nothing else. */
import { call, importBusyboxImage, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { containerOf, containersOf, dockerAt } from "./engine-containers.ts";
import { startOwnEngine } from "./own-engine.ts";
import { startServerProcess } from "./server-process.ts";

const image = "bare:1";

it.each(["SIGTERM", "SIGKILL"] as const)(
  "ended by %s: the command is closed with that; once it is back the next one finds the workspace",
  async (signal) => {
    await using engine = await startOwnEngine();
    await importBusyboxImage({ dockerHost: engine.dockerHost, image });
    const docker = dockerAt(engine.dockerHost);
    await using home = await temporaryHome();
    const back = Promise.withResolvers<void>();
    const script = [
      call("terminal", { command: "echo kept > kept.txt; sleep 1000" }),
      call("terminal", { command: "cat kept.txt; ps | grep -c 'sleep 100[0]'" }),
      say("It was kept."),
    ];
    await using llm = await startScriptedLlm({
      responder: async ({ number }) => {
        if (number > 1) await back.promise;
        return script[number - 1] ?? say("Nothing more.");
      },
    });
    const env = {
      DOCKER_HOST: engine.dockerHost,
      OPENHANDS_RUNTIME_IMAGE: image,
      LLM_BASE_URL: llm.url,
      LLM_MODEL: "openai/scripted",
      LLM_API_KEY: "sk-0123456789",
    };
    await using server = await startServerProcess({ home: home.path, runtime: "docker", env });
    const { id } = await server.client.conversations.create({
      initial_message: { content: "wait", run: true },
    });
    using probe = probeConversation(server.client, id);
    await probe.state((info) => info.sandbox_status === "ready");
    await expect
      .poll(async () => await docker("top", containerOf(id)), { timeout: 60_000 })
      .toContain("sleep 1000");

    await engine.end(signal);
    const closed = await probe.event((event) => event.kind === "AgentErrorEvent");
    expect(JSON.stringify(closed)).toMatch(/container was removed, or its engine stopped|exit code 137/);
    await engine.start();
    back.resolve();
    expect((await probe.state(settled)).execution_status).toBe("finished");
    const read = await probe.event((event) => event.kind === "ObservationEvent");
    expect(JSON.stringify(read)).toMatch(/"text":"kept\\n0"/);
    expect(probe.events.filter((event) => event.kind === "AgentErrorEvent")).toEqual([closed]);
    expect(await server.stop()).toBe(0);
    expect(await containersOf(home.path, docker)).toEqual([]);
  },
);
