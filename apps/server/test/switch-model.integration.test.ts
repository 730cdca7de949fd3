/** A conversation that goes on with another model, which can do less: nothing is lost, and the person is told. */
import { answer, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startServerProcess } from "./server-process.ts";

const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

it("signed reasoning stays with its author, images become words with a warning, once", async () => {
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm();
  const calls = [{ name: "terminal", arguments: { command: "echo hello" } }];
  llm.push(answer({ reasoning: "Hidden.", signature: "c2lnbmVk", text: "I look.", calls }), say("Seen."));
  const env = {
    LLM_BASE_URL: llm.url,
    LLM_MODEL: "anthropic/claude-sonnet-4-5",
    LLM_API_KEY: "sk-canary-0123456789",
  };
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  await server.client.settings.patch({ llm_models: { "openai/blind": { vision: false } } });
  const { id } = await server.client.conversations.create();
  const content = [
    { type: "text" as const, text: "What is this?" },
    { type: "image" as const, image_urls: [pixel] },
  ];
  using probe = probeConversation(server.client, id);
  await server.client.events.send(id, { content, run: true });
  await probe.state(settled);
  expect(llm.requests[1]?.text).toContain("c2lnbmVk");

  await server.client.switchModel(id, {
    llm: { model: "openai/blind", base_url: llm.url, api_key: "sk-other-0123456789" },
  });
  for (const text of ["And now?", "Still?"]) {
    llm.push(say("I see nothing."));
    const { last_seq: before } = await server.client.conversations.get(id);
    await server.client.events.send(id, { content: text, run: true });
    const end = await probe.state((info) => settled(info) && info.last_seq > before + 2);
    expect(end.error).toBeNull();
  }
  const sent = llm.requests.at(-1)?.text ?? "";
  expect(llm.requests.at(-1)).toMatchObject({ wireName: "openai-chat", model: "blind" });
  expect(sent).not.toMatch(/c2lnbmVk|Hidden|iVBORw0/);
  for (const kept of ["What is this?", "An image was here", "I look.", "hello", "Seen."]) {
    expect(sent).toContain(kept);
  }
  const { items } = await server.client.events.search(id, { kind: "ConversationStateUpdateEvent" });
  const warnings = items.flatMap((event) =>
    "key" in event && event.key === "warning" ? [event["value"]] : [],
  );
  expect(warnings).toEqual([expect.stringContaining("openai/blind can't see images")]);
});
