/** A long run sends each time what it sent before and a little more: what providers' caches ask for. */
import { answer, say, type ScriptedRequest, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startServerProcess } from "./server-process.ts";

const steps = 50;

/** The list that grows, and all else that the request holds. */
function partsOf(request: ScriptedRequest): { readonly list: string; readonly rest: string } {
  const { messages, contents, ...rest } = request.json;
  // Without its closing bracket a list is the beginning of every longer one.
  return { list: JSON.stringify(messages ?? contents).slice(0, -1), rest: JSON.stringify(rest) };
}

it.each([
  "openai/scripted",
  "anthropic/claude-sonnet-4-5",
  "gemini/gemini-2.5-flash",
  "mistral/mistral-large-latest",
])("every request to %s begins with the one before", async (model) => {
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm({
    responder: ({ number }) =>
      number > steps
        ? say("Done.")
        : answer({
            reasoning: `Step ${number}.`,
            text: "On we go.",
            calls: [{ name: "terminal", arguments: { command: `echo ${number}` } }],
          }),
  });
  const env = { LLM_BASE_URL: llm.url, LLM_MODEL: model, LLM_API_KEY: "sk-canary-0123456789" };
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  const { id } = await server.client.conversations.create({
    initial_message: { content: "Go.", run: true },
  });
  using probe = probeConversation(server.client, id);
  expect((await probe.state(settled)).execution_status).toBe("finished");
  expect(llm.requests).toHaveLength(steps + 1);
  const parts = llm.requests.map(partsOf);
  for (const [index, { list, rest }] of parts.entries()) {
    const before = parts[index - 1] ?? { list: "", rest };
    expect(rest, `request ${index + 1}`).toBe(before.rest);
    expect(list.startsWith(before.list), `request ${index + 1} begins as the one before`).toBe(true);
  }
  const [before, last] = parts.slice(-2).map(({ list, rest }) => list.length + rest.length);
  expect((before ?? 0) / (last ?? 1)).toBeGreaterThan(0.95);
});
