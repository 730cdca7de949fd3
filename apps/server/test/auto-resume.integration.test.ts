/** A run that the end of a server cut off: it waits, paused, or goes on by itself where OPENHANDS_AUTO_RESUME says so. */
import { call, hang, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startServerProcess } from "./server-process.ts";

it.each([
  ["kill -9", "kill"],
  ["SIGTERM", "stop"],
] as const)("after %s it goes on, and a person's pause does not", async (_, end) => {
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm();
  llm.push(call("terminal", { command: "echo one" }), hang("Thinking"));
  const env = {
    LLM_BASE_URL: llm.url,
    LLM_MODEL: "openai/scripted",
    LLM_API_KEY: "sk-0123456789",
    OPENHANDS_AUTO_RESUME: "1",
  };
  const start = async () => await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  const first = await start();
  const { id } = await first.client.conversations.create({
    initial_message: { role: "user", content: "start", run: true },
  });
  const paused = await first.client.conversations.create();
  await llm.waitForRequest(2);
  llm.push(hang("Thinking"));
  await first.client.events.send(paused.id, { content: "start", run: true });
  await llm.waitForRequest(3);
  await first.client.interrupt(paused.id);
  llm.push(say("Where was I? Here."));
  await first[end]();
  await using second = await start();
  using probe = probeConversation(second.client, id);
  await probe.event((event) => JSON.stringify(event).includes("Where was I?"));
  expect((await probe.state(settled)).execution_status).toBe("finished");
  expect((await second.client.conversations.get(paused.id)).execution_status).toBe("paused");
  expect(llm.requests).toHaveLength(4);
});
