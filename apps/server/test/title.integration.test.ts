/** Titles: the first words of a message at once, the model's own after the first run where they were asked for. */
import { answer, fail, say } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startScriptedServer } from "./scripted-server.ts";

const message = (content: string) => ({ role: "user" as const, content, run: true });

it("is made by the model after the first run, and counted", async () => {
  await using scripted = await startScriptedServer();
  const { client } = scripted.server;
  scripted.llm.push(say("They are 2, 3, 5."), say('"Prime numbers."'));
  const { id, title } = await client.conversations.create({
    autotitle: true,
    initial_message: message("Please tell me the first three primes"),
  });
  expect(title).toBe("Please tell me the first three primes");
  using probe = probeConversation(client, id);
  const info = await probe.state((state) => state.title === "Prime numbers");
  expect(info.stats.usage_to_metrics["title"]?.calls).toBe(1);
  expect(scripted.llm.requests).toHaveLength(2);
});

it("stays the first words where the model fails, where a person gave one, and where none was asked for", async () => {
  await using scripted = await startScriptedServer();
  const { client } = scripted.server;
  scripted.llm.push(say("One."), fail(401), say("Two."), say("Three."));
  for (const request of [{ autotitle: true }, { autotitle: true, title: "Mine" }, {}]) {
    const { id } = await client.conversations.create({ ...request, initial_message: message("Hello there") });
    using probe = probeConversation(client, id);
    expect((await probe.state(settled)).execution_status).toBe("finished");
    // the title is asked for once the run has ended
    if (request.autotitle === true && request.title === undefined) await scripted.llm.waitForRequest(2);
    expect((await client.conversations.get(id)).title).toBe(request.title ?? "Hello there");
  }
  expect(scripted.llm.requests).toHaveLength(4);
});

it("is counted where nothing that was answered is of any use, and not asked for again", async () => {
  const useless = answer({ reasoning: "Hm.", usage: { promptTokens: 100, completionTokens: 10 } });
  await using scripted = await startScriptedServer({
    responder: ({ body }) => ((body.tools ?? []).length === 0 ? useless : say("Done.")),
  });
  const { client } = scripted.server;
  await client.settings.patch({ llm_attempts: 2 });
  const { id } = await client.conversations.create({
    autotitle: true,
    initial_message: message("Hello there"),
  });
  const counted = async () => (await client.conversations.get(id)).stats.usage_to_metrics["title"];
  await expect.poll(counted).toMatchObject({ calls: 2, accumulated_token_usage: { prompt_tokens: 200 } });
  expect((await client.conversations.get(id)).title).toBe("Hello there");
  // one of them was the conversation's own
  expect(scripted.llm.requests).toHaveLength(3);
});
