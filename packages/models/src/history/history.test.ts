/** A conversation goes back to the model that wrote it, and to others: real vendor packages, what they sent. */
import { answer, say, type ScriptedLlm, startScriptedLlm } from "@openhands/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createModel } from "../create-model.ts";
import { httpFetch } from "../http-fetch.ts";
import type { Model, ModelAnswer, Prompt } from "../model.ts";
import { answerMessage } from "./answer-message.ts";
import { unseenImage } from "./fit-history.ts";

let llm: ScriptedLlm;
beforeEach(async () => {
  llm = await startScriptedLlm();
});
afterEach(() => llm.stop());

const names = {
  chat: "openai/scripted",
  responses: "openai/gpt-5-codex",
  anthropic: "anthropic/claude-sonnet-4-5",
  gemini: "gemini/gemini-3-pro",
  deepseek: "deepseek/deepseek-reasoner",
  mistral: "mistral/mistral-large",
} as const;

function modelAt(name: string, vision = true): Model {
  const toHere: typeof fetch = (target, init) => {
    const { href } = new URL(target instanceof Request ? target.url : target);
    return httpFetch(href.replace("https://api.openai.com/v1", llm.url), init);
  };
  return createModel(
    {
      name,
      baseUrl: name === names.responses ? null : llm.url,
      apiKey: () => Promise.resolve("sk-canary-0123456789"),
      limits: { firstByteSeconds: 20, silenceSeconds: 20, attempts: 1 },
      facts: { vision },
    },
    { fetch: toHere },
  );
}

const user = (text: string): Prompt[number] => ({ role: "user", content: [{ type: "text", text }] });

const ask = (model: Model, prompt: Prompt): Promise<ModelAnswer> =>
  model.ask(
    {
      prompt,
      tools: [{ type: "function", name: "terminal", inputSchema: { type: "object", properties: {} } }],
    },
    { signal: new AbortController().signal, onDelta: () => undefined, onRetry: () => undefined },
  );

/** A step of `name`: reasoning, a sentence, two calls and their results. */
async function conversationWith(name: string): Promise<Prompt> {
  const calls = ["ls", "pwd"].map((command) => ({ name: "terminal", arguments: { command } }));
  llm.push(answer({ reasoning: "Secret thoughts.", signature: "c2lnbmVk", text: "I look.", calls }));
  const prompt: Prompt = [{ role: "system", content: "Be brief." }, user("Go.")];
  const got = await ask(modelAt(name), prompt);
  const past = got.toolCalls.map((call) => ({ ...call, input: JSON.parse(call.arguments) as unknown }));
  return [
    ...prompt,
    answerMessage({ text: got.text, calls: past, state: got.state }),
    {
      role: "tool",
      content: past.map((call) => ({
        type: "tool-result",
        toolCallId: call.id,
        toolName: call.name,
        output: { type: "text", value: "a.txt" },
      })),
    },
  ];
}

async function sentBy(model: Model, prompt: Prompt): Promise<string> {
  llm.push(say("Done."));
  await ask(model, prompt);
  return llm.requests.at(-1)?.text ?? "";
}

describe("the model that wrote an answer", () => {
  test.each([
    [names.anthropic, `{"type":"thinking","thinking":"Secret thoughts.","signature":"c2lnbmVk"}`],
    [names.responses, `"encrypted_content":"c2lnbmVk"`],
    [names.gemini, `"thoughtSignature":"c2lnbmVk"`],
    [names.deepseek, `"reasoning_content":"Secret thoughts."`],
  ])("%s gets its reasoning back as it was", async (name, expected) => {
    const prompt = await conversationWith(name);
    expect(await sentBy(modelAt(name), prompt)).toContain(expected);
  });

  test.each([names.chat, names.mistral])("%s, that has no use for it, gets none", async (name) => {
    const prompt = await conversationWith(name);
    expect(await sentBy(modelAt(name), prompt)).not.toContain("Secret thoughts.");
  });
});

const pairs = Object.values(names).flatMap((from) =>
  Object.values(names).flatMap((to) => (from === to ? [] : [[from, to] as const])),
);

test.each(pairs)("after %s goes on with %s", async (from, to) => {
  const prompt = await conversationWith(from);
  const sent = await sentBy(modelAt(to), prompt);
  expect(sent).not.toContain("c2lnbmVk");
  expect(sent).not.toContain("Secret thoughts.");
  expect(sent).not.toContain("rs_1");
  for (const kept of ["I look.", "a.txt", "pwd"]) expect(sent).toContain(kept);
});

describe("what another model would refuse", () => {
  const withCall = (id: string, name = "terminal"): Prompt => [
    user("Go."),
    answerMessage({ text: "", calls: [{ id, name, input: {} }], state: null }),
    {
      role: "tool",
      content: [
        { type: "tool-result", toolCallId: id, toolName: name, output: { type: "text", value: "a.txt" } },
      ],
    },
    user("Go on."),
  ];

  test("Mistral: ids of nine letters and digits, and no message right after a result", async () => {
    await sentBy(modelAt(names.mistral), withCall("toolu_01ABCDEFGHIJ"));
    const messages = llm.requests[0]?.body.messages ?? [];
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant", "user"]);
    const id = messages[1]?.tool_calls?.[0]?.id;
    expect(id).toMatch(/^[a-z0-9]{9}$/);
    expect(messages[2]?.tool_call_id).toBe(id);
  });

  test.each([names.chat, names.anthropic])("%s: signs and length in ids and names", async (name) => {
    const sent = await sentBy(modelAt(name), withCall(`call:${"x".repeat(90)}`, "run shell!"));
    expect(sent).not.toContain("call:");
    expect(sent).toContain("run_shell_");
  });

  test("an answer that was nothing but foreign reasoning", async () => {
    const state = { model: names.anthropic, thinking: [{ text: "Hm.", metadata: null }] };
    const prompt = [user("Go."), answerMessage({ text: "", calls: [], state }), user("Well?")];
    await sentBy(modelAt(names.chat), prompt);
    expect(llm.requests[0]?.body.messages.map(({ role }) => role)).toEqual(["user", "user"]);
  });
});

describe("images", () => {
  const data = "iVBORw0KGgo=";
  const image = { type: "file", mediaType: "image/png", data: { type: "data", data } } as const;
  const prompt: Prompt = [
    { role: "user", content: [{ type: "text", text: "Look." }, image] },
    answerMessage({ text: "", calls: [{ id: "c1", name: "terminal", input: {} }], state: null }),
    {
      role: "tool",
      content: [
        {
          type: "tool-result",
          toolCallId: "c1",
          toolName: "terminal",
          output: { type: "content", value: [{ type: "text", text: "A picture:" }, image] },
        },
      ],
    },
  ];

  test.each(Object.values(names))("are words for %s where it sees none", async (name) => {
    const sent = await sentBy(modelAt(name, false), prompt);
    expect(sent).not.toContain(data);
    expect(sent.split(unseenImage)).toHaveLength(3);
  });

  test.each([names.anthropic, names.gemini, names.responses])("stay in the result for %s", async (name) => {
    expect((await sentBy(modelAt(name), prompt)).split(data)).toHaveLength(3);
    const roles = JSON.stringify(llm.requests[0]?.json);
    expect(roles).not.toContain("next message");
  });

  test("follow the result where it holds text alone", async () => {
    await sentBy(modelAt(names.chat), prompt);
    const messages = llm.requests[0]?.body.messages ?? [];
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "user"]);
    expect(JSON.stringify(messages[2])).not.toContain(data);
    expect(messages[3]?.content).toMatchObject([{ type: "text" }, { type: "image_url" }]);
  });
});

describe("the provider's cache", () => {
  const marked = { cache_control: { type: "ephemeral" } };

  test("is told by Anthropic's marks where the system prompt ends, and where the conversation does", async () => {
    await sentBy(modelAt(names.anthropic), await conversationWith(names.anthropic));
    expect(llm.requests.at(-1)?.json).toMatchObject({ system: [{ type: "text", ...marked }], ...marked });
  });

  test("is found by OpenAI by one key a conversation", async () => {
    const prompt = await conversationWith(names.responses);
    const model = modelAt(names.responses);
    await sentBy(model, [...prompt, user("Go on.")]);
    await sentBy(model, [...prompt, user("Go on."), user("Further.")]);
    await sentBy(model, [user("Something else.")]);
    const [asked, first, second, other] = llm.requests.map(({ json }) => json["prompt_cache_key"]);
    expect(asked).toMatch(/^[0-9a-f]{32}$/);
    expect([first, second]).toEqual([asked, asked]);
    expect(other).not.toBe(first);
  });
});
