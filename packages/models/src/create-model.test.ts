/** The real vendor packages against a real HTTP server: what is asked and answered. */
import { answer, call, fail, say } from "@openhands/testing";
import { describe, expect, test } from "vitest";
import { createModel } from "./create-model.ts";
import { key, request, scriptedCalls } from "./scripted-calls.test-data.ts";

const given = scriptedCalls();
const { ask, failureOf, settingsOf } = given;

describe("an answer", () => {
  test("of text is streamed, and comes whole with its tokens", async () => {
    const usage = { promptTokens: 120, completionTokens: 34, cachedTokens: 100, reasoningTokens: 5 };
    given.llm.push(answer({ text: "Here are the files.", reasoning: "Let me see.", chunkSize: 4, usage }));
    const got = await ask();
    expect(got).toMatchObject({
      responseId: "chatcmpl-1",
      text: "Here are the files.",
      reasoning: "Let me see.",
      toolCalls: [],
      end: "stop",
      cost: null,
      tokens: {
        prompt_tokens: 120,
        completion_tokens: 34,
        cache_read_tokens: 100,
        cache_write_tokens: 0,
        reasoning_tokens: 5,
      },
    });
    expect(given.listener.deltas.length).toBeGreaterThan(5);
    expect(given.listener.deltas.map((delta) => delta.text ?? "").join("")).toBe(got.text);
    expect(given.listener.deltas.map((delta) => delta.reasoning ?? "").join("")).toBe(got.reasoning);
  });

  test("is asked for with the prompt, the tools, the key and usage", async () => {
    given.llm.push(say("Yes."));
    await ask();
    const sent = given.llm.requests[0];
    expect(sent?.headers.authorization).toBe(`Bearer ${key}`);
    expect(sent?.body).toMatchObject({
      model: "scripted",
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: "system", content: "You are an agent." },
        { role: "user", content: "List the files." },
      ],
      tools: [{ type: "function", function: { name: "terminal", description: "Runs a command." } }],
    });
    expect(await sent?.ended).toBe("answered");
  });

  test("may hold several calls whose arguments come in pieces", async () => {
    const first = { command: "printf 'grün → ok'" };
    const second = { command: "ls" };
    given.llm.push(
      answer({
        text: "Two things.",
        calls: [
          { name: "terminal", arguments: first },
          { name: "terminal", arguments: second },
        ],
        chunkSize: 3,
      }),
    );
    const got = await ask();
    expect(got.end).toBe("tool-calls");
    expect(got.text).toBe("Two things.");
    expect(got.toolCalls.map(({ id, name }) => [id, name])).toEqual([
      ["call_1_0", "terminal"],
      ["call_1_1", "terminal"],
    ]);
    expect(got.toolCalls.map((toolCall) => JSON.parse(toolCall.arguments) as unknown)).toEqual([
      first,
      second,
    ]);
  });

  test.each([1, 2, 7, 4096])("is the same in writes of %i bytes", async (writeSize) => {
    const text = "Größe 12 µm → 数字 🦊🏳️‍🌈 ende";
    const command = `echo "${text}"`;
    given.llm.push(
      answer({ text, calls: [{ name: "terminal", arguments: { command } }], chunkSize: 5, writeSize }),
    );
    const got = await ask();
    expect(got.text).toBe(text);
    expect(JSON.parse(got.toolCalls[0]?.arguments ?? "")).toEqual({ command });
  });

  test.each(['{"command": "ls', "ls -la", '{"command": "a"} {"command": "b"}', ""])(
    "keeps arguments that are no JSON as they were written: %j",
    async (written) => {
      given.llm.push(call("terminal", written));
      const got = await ask();
      expect(got.toolCalls).toMatchObject([{ name: "terminal", arguments: written }]);
    },
  );

  test("that was cut by a limit or a filter says so, even where nothing is left of it", async () => {
    given.llm.push(
      answer({ text: "", finishReason: "length" }),
      answer({ text: "", finishReason: "content_filter" }),
    );
    expect((await ask()).end).toBe("length");
    expect((await ask()).end).toBe("content-filter");
  });

  test("comes by OpenAI's own package where no base URL is set", async () => {
    given.llm.push(
      answer({ text: "Hi.", calls: [{ name: "terminal", arguments: { command: "ls" } }], chunkSize: 2 }),
    );
    const here = (url: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> => {
      const { href } = new URL(url instanceof Request ? url.url : url);
      return fetch(href.replace("https://api.openai.com/v1", given.llm.url), init);
    };
    const got = await ask({ name: "openai/gpt-4o", baseUrl: null }, { fetch: here });
    expect(got).toMatchObject({
      text: "Hi.",
      end: "tool-calls",
      toolCalls: [{ arguments: '{"command":"ls"}' }],
    });
    expect(given.llm.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(given.llm.requests[0]?.body.model).toBe("gpt-4o");
  });

  test.each([
    ["anthropic/claude-sonnet-4-5", "https://api.anthropic.com/v1/messages", "x-api-key"],
    [
      "gemini/gemini-2.0-flash-exp",
      "https://generativelanguage.googleapis.com/v1beta/models/",
      "x-goog-api-key",
    ],
  ])("of %s is asked for at its own address, with its own header", async (name, url, header) => {
    const sent: Request[] = [];
    const capture = (target: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> => {
      sent.push(new Request(target, init));
      return Promise.resolve(new Response("{}", { status: 401 }));
    };
    const failure = await failureOf({ name, baseUrl: null }, { fetch: capture });
    expect(failure.kind).toBe("auth");
    expect(sent.map((one) => one.url.startsWith(url))).toEqual([true]);
    expect(sent[0]?.headers.get(header)).toBe(key);
  });
});

test.each([
  ["fills the model's window, of what its server may have cut off", 8191, 1],
  ["leaves room in the model's window, of nothing", 8000, 0],
])("a prompt that %s is warned", async (_, promptTokens, count) => {
  given.llm.push(answer({ text: "Fine.", usage: { promptTokens, completionTokens: 1 } }));
  const model = createModel({ ...settingsOf({}), facts: { context_window: 8192 } });
  const { warnings } = await model.ask(request, given.listener);
  expect(warnings).toHaveLength(count);
});

describe("the key", () => {
  test("is read anew for every call", async () => {
    const keys = ["sk-first-key-0001", "sk-second-key-0002"];
    given.llm.push(say("a"), say("b"));
    const model = createModel({ ...settingsOf({}), apiKey: () => Promise.resolve(keys.shift() ?? null) });
    await model.ask(request, given.listener);
    await model.ask(request, given.listener);
    expect(given.llm.requests.map((sent) => sent.headers.authorization)).toEqual([
      "Bearer sk-first-key-0001",
      "Bearer sk-second-key-0002",
    ]);
  });

  test("is not needed for a server of one's own", async () => {
    given.llm.push(say("Hi."));
    expect((await ask({ apiKey: null })).text).toBe("Hi.");
    expect(given.llm.requests[0]?.headers.authorization).toBeUndefined();
  });

  test.each([null, "", "  "])("is missed before anything is sent: %j", async (apiKey) => {
    const failure = await failureOf({ name: "openai/gpt-4o", baseUrl: null, apiKey });
    expect(failure.kind).toBe("auth");
    expect(failure.message).toContain("Settings");
  });

  test("may have been pasted with a line end; anything else that is no key is not sent", async () => {
    given.llm.push(say("Hi."));
    await ask({ apiKey: `${key}\n` });
    expect(given.llm.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect((await failureOf({ apiKey: `${key}\u2026` })).kind).toBe("auth");
  });

  test("is read anew for every try", async () => {
    const keys = ["sk-first-key-0001", "sk-second-key-0002"];
    given.llm.push(fail(503), say("Hi."));
    const settings = { ...settingsOf({ attempts: 2 }), apiKey: () => Promise.resolve(keys.shift() ?? null) };
    await createModel(settings, { clock: given.clock }).ask(request, given.listener);
    expect(given.llm.requests[1]?.headers.authorization).toBe("Bearer sk-second-key-0002");
  });

  test.each([
    ["canary+0123456789/key=", (apiKey: string) => `You sent ${apiKey} and ${encodeURIComponent(apiKey)}.`],
    ["sk-abcdefghijklmnop", () => "You sent sk-abcd****mnop."],
  ])("%s is cut out of what a provider says", async (apiKey, quote) => {
    given.llm.push(fail(400, { error: { message: quote(apiKey) } }));
    const failure = await failureOf({ apiKey });
    expect(failure.message).toContain("You sent [key]");
    expect(`${failure.message} ${String(failure.cause)}`).not.toMatch(/canary|mnop/);
  });

  test("that cannot be read is the vault's own failure, not the provider's", async () => {
    const locked = Object.assign(new Error("The secrets are locked."), { code: "ENOENT" });
    const model = createModel({ ...settingsOf({ attempts: 3 }), apiKey: () => Promise.reject(locked) });
    await expect(model.ask(request, given.listener)).rejects.toBe(locked);
  });
});
