/** Commands on the machine itself: only where that was asked for, and never without a word. */
import { call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startServerProcess } from "./server-process.ts";

it("is said at the start, and to whoever asks what the server runs on", async () => {
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm();
  llm.push(call("terminal", { command: "echo worked; pwd" }), say("Done."));
  const env = { LLM_BASE_URL: llm.url, LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-0123456789" };
  await using server = await startServerProcess({ home: home.path, env, flags: ["--runtime", "local"] });
  const sentence = /Nothing is isolated: commands run on this machine/;
  expect(server.log()).toMatch(sentence);
  const { runtime, warnings } = await server.client.system.get();
  expect(runtime).toMatchObject({ kind: "local", image: null });
  expect(warnings).toEqual([expect.stringMatching(sentence)]);
  const { id } = await server.client.conversations.create({ initial_message: { content: "go", run: true } });
  using probe = probeConversation(server.client, id);
  const info = await probe.state(settled);
  expect(info).toMatchObject({ execution_status: "finished", sandbox: { runtime: "local" } });
  const answered = probe.events.find((event) => event.kind === "ObservationEvent");
  expect(JSON.stringify(answered)).toContain(`worked\\n${home.path}/workspace/${id}`);
});

it("is had by no other way", async () => {
  await using home = await temporaryHome();
  await using server = await startServerProcess({ home: home.path, runtime: "auto" });
  const { runtime, warnings } = await server.client.system.get();
  expect(runtime.kind).not.toBe("local");
  expect(warnings).toEqual([]);
});
