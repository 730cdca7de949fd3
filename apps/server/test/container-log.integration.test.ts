/** `docker logs` of a sandbox: what was run and what it printed, and never more of it than 5 MB. */
import { call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { containerOf, docker } from "./engine-containers.ts";
import { startServerProcess } from "./server-process.ts";

const commands = 160;

it("stays within 5 MB however much is said", async () => {
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm({
    responder: ({ number }) =>
      number <= commands
        ? call("terminal", { command: `echo command ${number}; head -c 29000 /dev/zero | tr '\\0' x` })
        : say("Done."),
  });
  const env = { LLM_BASE_URL: llm.url, LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-0123456789" };
  await using server = await startServerProcess({ home: home.path, runtime: "docker", env });
  const { id } = await server.client.conversations.create({ initial_message: { content: "go", run: true } });
  using probe = probeConversation(server.client, id);
  expect((await probe.state(settled)).execution_status).toBe("finished");
  const log = async (): Promise<string> => await docker("logs", containerOf(id));
  await expect.poll(log).toContain(`command ${commands}\n`);
  const kept = await log();
  expect(kept.length).toBeLessThan(5_000_000);
  expect(kept.length).toBeGreaterThan(1_000_000);
  expect(kept).not.toContain("command 1\n");
});
