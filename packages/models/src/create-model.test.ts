/** The real vendor packages against a real HTTP server. */
import { inspect } from "node:util";
import {
  answer,
  breakOff,
  call,
  fail,
  hang,
  type Reply,
  reset,
  say,
  type ScriptedLlm,
  startScriptedLlm,
  truncate,
} from "@openhands/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createModel, type ModelOptions } from "./create-model.ts";
import {
  type AnswerDelta,
  type AskOptions,
  type FailureKind,
  ModelError,
  type ModelLimits,
  type ModelRequest,
  type ModelSettings,
  type RetryWait,
} from "./model.ts";
import type { RetryClock } from "./retry.ts";

const key = "sk-canary-0123456789";

const request: ModelRequest = {
  prompt: [
    { role: "system", content: "You are an agent." },
    { role: "user", content: [{ type: "text", text: "List the files." }] },
  ],
  tools: [
    {
      type: "function",
      name: "terminal",
      description: "Runs a command.",
      inputSchema: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
    },
  ],
};

/** Waits are written down instead of waited. */
class InstantClock implements RetryClock {
  readonly waits: number[] = [];
  readonly random = (): number => 0;
  readonly sleep = (seconds: number): Promise<void> => {
    this.waits.push(seconds);
    return Promise.resolve();
  };
}

/** What `ask` reported on its way. */
class Listener implements AskOptions {
  readonly deltas: AnswerDelta[] = [];
  readonly retries: Parameters<AskOptions["onRetry"]>[0][] = [];
  readonly controller = new AbortController();
  readonly #first = Promise.withResolvers<void>();

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get firstDelta(): Promise<void> {
    return this.#first.promise;
  }

  readonly onDelta = (delta: AnswerDelta): void => {
    this.deltas.push(delta);
    this.#first.resolve();
  };

  readonly onRetry: AskOptions["onRetry"] = (failure) => {
    this.retries.push(failure);
  };
}

let llm: ScriptedLlm;
let clock: InstantClock;
let listener: Listener;

beforeEach(async () => {
  llm = await startScriptedLlm();
  clock = new InstantClock();
  listener = new Listener();
});
afterEach(() => llm.stop());

interface Setup extends Partial<ModelLimits> {
  readonly name?: string;
  readonly baseUrl?: string | null;
  readonly apiKey?: string | null;
}

function settingsOf(setup: Setup): ModelSettings {
  const { name = "openai/scripted", baseUrl = llm.url, apiKey = key } = setup;
  const { firstByteSeconds = 20, silenceSeconds = 20, attempts = 1, callSeconds = 60, local } = setup;
  return {
    name,
    baseUrl,
    apiKey: () => Promise.resolve(apiKey),
    limits: {
      firstByteSeconds,
      silenceSeconds,
      callSeconds,
      attempts,
      ...(local === undefined ? {} : { local }),
    },
  };
}

const ask = (setup: Setup = {}, options: ModelOptions = {}) =>
  createModel(settingsOf(setup), { clock, ...options }).ask(request, listener);

/** The ModelError that the call ends with; it must not hold the key, neither must anything that was reported. */
async function failureOf(setup: Setup = {}, options: ModelOptions = {}): Promise<ModelError> {
  const error: unknown = await ask(setup, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelError);
  const failure = error as ModelError;
  const whole = inspect(failure, { depth: Infinity, showHidden: true });
  const told = [
    whole,
    String(failure),
    String(failure.cause),
    failure.stack,
    JSON.stringify(listener.retries),
  ];
  expect(told.join("\n")).not.toContain(key);
  return failure;
}

describe("an answer", () => {
  test("of text is streamed, and comes whole with its tokens", async () => {
    const usage = { promptTokens: 120, completionTokens: 34, cachedTokens: 100, reasoningTokens: 5 };
    llm.push(answer({ text: "Here are the files.", reasoning: "Let me see.", chunkSize: 4, usage }));
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
    expect(listener.deltas.length).toBeGreaterThan(5);
    expect(listener.deltas.map((delta) => delta.text ?? "").join("")).toBe(got.text);
    expect(listener.deltas.map((delta) => delta.reasoning ?? "").join("")).toBe(got.reasoning);
  });

  test("is asked for with the prompt, the tools, the key and usage", async () => {
    llm.push(say("Yes."));
    await ask();
    const sent = llm.requests[0];
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
    llm.push(
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
    llm.push(
      answer({ text, calls: [{ name: "terminal", arguments: { command } }], chunkSize: 5, writeSize }),
    );
    const got = await ask();
    expect(got.text).toBe(text);
    expect(JSON.parse(got.toolCalls[0]?.arguments ?? "")).toEqual({ command });
  });

  test.each(['{"command": "ls', "ls -la", '{"command": "a"} {"command": "b"}', ""])(
    "keeps arguments that are no JSON as they were written: %j",
    async (written) => {
      llm.push(call("terminal", written));
      const got = await ask();
      expect(got.toolCalls).toMatchObject([{ name: "terminal", arguments: written }]);
    },
  );

  test("that was cut by a limit or a filter says so, even where nothing is left of it", async () => {
    llm.push(
      answer({ text: "", finishReason: "length" }),
      answer({ text: "", finishReason: "content_filter" }),
    );
    expect((await ask()).end).toBe("length");
    expect((await ask()).end).toBe("content-filter");
  });

  test("comes by OpenAI's own package where no base URL is set", async () => {
    llm.push(
      answer({ text: "Hi.", calls: [{ name: "terminal", arguments: { command: "ls" } }], chunkSize: 2 }),
    );
    const here = (url: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> => {
      const { href } = new URL(url instanceof Request ? url.url : url);
      return fetch(href.replace("https://api.openai.com/v1", llm.url), init);
    };
    const got = await ask({ name: "openai/gpt-4o", baseUrl: null }, { fetch: here });
    expect(got).toMatchObject({
      text: "Hi.",
      end: "tool-calls",
      toolCalls: [{ arguments: '{"command":"ls"}' }],
    });
    expect(llm.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(llm.requests[0]?.body.model).toBe("gpt-4o");
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
  llm.push(answer({ text: "Fine.", usage: { promptTokens, completionTokens: 1 } }));
  const model = createModel({ ...settingsOf({}), facts: { context_window: 8192 } });
  const { warnings } = await model.ask(request, listener);
  expect(warnings).toHaveLength(count);
});

describe("the key", () => {
  test("is read anew for every call", async () => {
    const keys = ["sk-first-key-0001", "sk-second-key-0002"];
    llm.push(say("a"), say("b"));
    const model = createModel({ ...settingsOf({}), apiKey: () => Promise.resolve(keys.shift() ?? null) });
    await model.ask(request, listener);
    await model.ask(request, listener);
    expect(llm.requests.map((sent) => sent.headers.authorization)).toEqual([
      "Bearer sk-first-key-0001",
      "Bearer sk-second-key-0002",
    ]);
  });

  test("is not needed for a server of one's own", async () => {
    llm.push(say("Hi."));
    expect((await ask({ apiKey: null })).text).toBe("Hi.");
    expect(llm.requests[0]?.headers.authorization).toBeUndefined();
  });

  test.each([null, "", "  "])("is missed before anything is sent: %j", async (apiKey) => {
    const failure = await failureOf({ name: "openai/gpt-4o", baseUrl: null, apiKey });
    expect(failure.kind).toBe("auth");
    expect(failure.message).toContain("Settings");
  });

  test("may have been pasted with a line end; anything else that is no key is not sent", async () => {
    llm.push(say("Hi."));
    await ask({ apiKey: `${key}\n` });
    expect(llm.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect((await failureOf({ apiKey: `${key}\u2026` })).kind).toBe("auth");
  });

  test("is read anew for every try", async () => {
    const keys = ["sk-first-key-0001", "sk-second-key-0002"];
    llm.push(fail(503), say("Hi."));
    const settings = { ...settingsOf({ attempts: 2 }), apiKey: () => Promise.resolve(keys.shift() ?? null) };
    await createModel(settings, { clock }).ask(request, listener);
    expect(llm.requests[1]?.headers.authorization).toBe("Bearer sk-second-key-0002");
  });

  test.each([
    ["canary+0123456789/key=", (apiKey: string) => `You sent ${apiKey} and ${encodeURIComponent(apiKey)}.`],
    ["sk-abcdefghijklmnop", () => "You sent sk-abcd****mnop."],
  ])("%s is cut out of what a provider says", async (apiKey, quote) => {
    llm.push(fail(400, { error: { message: quote(apiKey) } }));
    const failure = await failureOf({ apiKey });
    expect(failure.message).toContain("You sent [key]");
    expect(`${failure.message} ${String(failure.cause)}`).not.toMatch(/canary|mnop/);
  });

  test("that cannot be read is the vault's own failure, not the provider's", async () => {
    const locked = Object.assign(new Error("The secrets are locked."), { code: "ENOENT" });
    const model = createModel({ ...settingsOf({ attempts: 3 }), apiKey: () => Promise.reject(locked) });
    await expect(model.ask(request, listener)).rejects.toBe(locked);
  });
});

describe("a failure that another try cannot help", () => {
  const openAiError = (message: string, code: string | null = null): object => ({ error: { message, code } });

  test.each<[string, FailureKind, number, unknown]>([
    ["wrong key", "auth", 401, openAiError(`Incorrect API key provided: ${key}.`, "invalid_api_key")],
    ["wrong key at Google", "auth", 400, openAiError("API key not valid. Please pass a valid API key.")],
    ["forbidden model", "auth", 403, openAiError("Project does not have access")],
    ["no money", "quota", 402, "Payment required"],
    [
      "no money, said with 429",
      "quota",
      429,
      openAiError("You exceeded your current quota", "insufficient_quota"),
    ],
    ["no money at Anthropic", "quota", 400, openAiError("Your credit balance is too low to access the API.")],
    ["too long", "context_overflow", 400, openAiError("This model's maximum context length is 8192 tokens.")],
    ["too long by code", "context_overflow", 400, openAiError("No.", "context_length_exceeded")],
    ["filtered", "content_filter", 400, openAiError("The response was filtered", "content_filter")],
    ["unknown model", "bad_request", 404, openAiError("The model does not exist")],
    ["bad request", "bad_request", 400, openAiError("messages: wrong")],
    ["a page of some other server", "bad_request", 404, "<html><body>Not here</body></html>"],
  ])("%s", async (_, kind, status, body) => {
    llm.push(fail(status, body));
    const failure = await failureOf({ attempts: 5 });
    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toContain("<html>");
    expect(llm.requests).toHaveLength(1);
    expect(clock.waits).toEqual([]);
  });

  test("a wrong key names the host and where to put another", async () => {
    llm.push(fail(401));
    const { message } = await failureOf();
    expect(message).toContain(new URL(llm.url).host);
    expect(message).toContain("Settings");
  });

  test("a redirect is not followed, for the key would go along", async () => {
    llm.push(fail(308, "", { location: "http://127.0.0.1:9/v1" }));
    expect((await failureOf({ attempts: 5 })).kind).toBe("bad_request");
  });

  test("the cause holds no request", async () => {
    llm.push(fail(400));
    const failure = await failureOf();
    expect(JSON.stringify(failure.cause, Object.getOwnPropertyNames(failure.cause))).not.toContain(
      "List the files",
    );
  });

  test("an exhausted script says so itself", async () => {
    const failure = await failureOf({ attempts: 5 });
    expect(failure.message).toContain("script is exhausted");
    expect(llm.requests).toHaveLength(1);
  });
});

describe("a failure that may pass", () => {
  test("is tried again after what Retry-After says", async () => {
    llm.push(
      fail(429, undefined, { "retry-after": "7" }),
      fail(503, "", { "retry-after": "0.5" }),
      say("At last."),
    );
    expect((await ask({ attempts: 5 })).text).toBe("At last.");
    expect(clock.waits).toEqual([7, 0.5]);
    expect(listener.retries.map(({ seconds, attempt }) => [seconds, attempt])).toEqual([
      [7, 1],
      [0.5, 2],
    ]);
  });

  test("else after longer and longer waits, until the tries are used up", async () => {
    llm.push(fail(500), fail(502), fail(529), fail(500, "<html>down</html>"));
    const failure = await failureOf({ attempts: 4 });
    expect(failure.kind).toBe("overloaded");
    expect(clock.waits).toEqual([2, 4, 8]);
    expect(llm.requests).toHaveLength(4);
  });

  test("is given up where the provider asks for an hour", async () => {
    llm.push(fail(429, undefined, { "retry-after": "3600" }));
    const failure = await failureOf({ attempts: 5 });
    expect(failure.kind).toBe("rate_limit");
    expect(failure.message).toContain("60 minutes");
    expect(llm.requests).toHaveLength(1);
  });

  test.each([
    ["reset before the answer", reset()],
    ["reset within the answer", truncate("Half an ans")],
    [
      "error within the answer",
      breakOff("Half an ans", { message: "The server is overloaded", type: "server_error" }),
    ],
    ["nothing at all", answer({ text: "  " })],
  ])("%s: the next try's answer counts alone", async (_, reply) => {
    llm.push(reply, say("Whole."));
    expect((await ask({ attempts: 2 })).text).toBe("Whole.");
    expect(listener.retries).toHaveLength(1);
  });

  test.each<[string, FailureKind, Reply]>([
    ["reset", "network", reset()],
    ["truncated", "network", truncate()],
    ["empty", "empty", answer({ text: "" })],
    ["rate limit within the answer", "rate_limit", breakOff("Half", { message: "Slow down", code: 429 })],
    ["a chunk of another shape", "malformed", breakOff("Half", undefined)],
    ["no finish reason", "malformed", answer({ text: "Half", finishReason: null })],
    ["a web page", "malformed", fail(200, "<html>Welcome</html>")],
    ["rate limit", "rate_limit", fail(429)],
  ])("%s has its kind", async (_, kind, reply) => {
    llm.push(reply);
    expect((await failureOf()).kind).toBe(kind);
  });

  test("connection refused says where and what to do", async () => {
    await llm.stop();
    const failure = await failureOf({ attempts: 2 });
    expect(failure.kind).toBe("network");
    expect(failure.message).toContain(`${llm.url} (connection refused)`);
    expect(clock.waits).toHaveLength(1);
  });

  test("a host that does not exist is not asked twice", async () => {
    const failure = await failureOf({ baseUrl: "http://no-such-host.invalid/v1", attempts: 5 });
    expect(failure.kind).toBe("network");
    expect(failure.message).toContain("http://no-such-host.invalid/v1");
  });

  test("the wait ends when the person does not want to wait", async () => {
    llm.push(fail(429, undefined, { "retry-after": "100" }), say("At last."));
    const { sleep, random } = (await import("./retry.ts")).realClock;
    const waits: RetryWait[] = [];
    const tries: number[] = [];
    const model = createModel(settingsOf({ attempts: 5 }), { clock: { random, sleep } });
    const asked = model.ask(request, {
      signal: listener.signal,
      onDelta: () => undefined,
      onTry: () => tries.push(waits.length),
      onRetry: (wait) => {
        waits.push(wait);
        queueMicrotask(wait.now);
      },
    });
    expect((await asked).text).toBe("At last.");
    expect(waits).toMatchObject([{ kind: "rate_limit", seconds: 100, attempt: 1, attempts: 5 }]);
    expect(tries).toEqual([0, 1]);
  });

  test("the wait ends with an abort", async () => {
    const reason = new Error("The person stopped it.");
    llm.push(fail(429, undefined, { "retry-after": "100" }));
    const { sleep, random } = (await import("./retry.ts")).realClock;
    const asked = ask(
      { attempts: 5 },
      {
        clock: {
          random,
          sleep: (seconds, signal) => {
            queueMicrotask(() => listener.controller.abort(reason));
            return sleep(seconds, signal);
          },
        },
      },
    );
    await expect(asked).rejects.toBe(reason);
  });
});

describe("silence", () => {
  test("before the first byte ends the call and closes the socket", async () => {
    llm.push(hang());
    const failure = await failureOf({ firstByteSeconds: 0.05 });
    expect(failure.kind).toBe("timeout");
    expect(failure.message).toContain("llm_local_first_byte_seconds");
    expect(await llm.requests[0]?.ended).toBe("closed by client");
  });

  test("within the answer ends the call and closes the socket", async () => {
    llm.push(hang("And then"));
    const failure = await failureOf({ silenceSeconds: 0.05 });
    expect(failure.kind).toBe("timeout");
    expect(failure.message).toContain("llm_local_silence_seconds");
    expect(await llm.requests[0]?.ended).toBe("closed by client");
  });

  test("is not what ends an answer that goes on for ever: the limit of the whole call is, and is not tried again", async () => {
    llm.push(hang("And then"));
    const failure = await failureOf({ callSeconds: 0.05, attempts: 5 });
    expect(failure.kind).toBe("timeout");
    expect(failure.message).toContain("llm_local_call_seconds");
    expect(await llm.requests[0]?.ended).toBe("closed by client");
    expect(llm.requests).toHaveLength(1);
  });

  test("may last longer where the model runs on hardware of the person's own", async () => {
    const local = { firstByteSeconds: 20, silenceSeconds: 0.05 };
    llm.push(hang("And then"));
    expect((await failureOf({ firstByteSeconds: 0, silenceSeconds: 0, local })).message).toContain(
      "0.05 seconds",
    );
  });
});

describe("an abort", () => {
  test("before the first byte closes the socket and rejects with its reason", async () => {
    const reason = new Error("The person stopped it.");
    llm.push(hang());
    const asked = ask();
    const sent = await llm.waitForRequest(1);
    listener.controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(await sent.ended).toBe("closed by client");
    expect(sent.closedByClientAt).toBeInstanceOf(Date);
  });

  test("within the answer does the same", async () => {
    llm.push(hang("And then"));
    const asked = ask({ attempts: 5 });
    await listener.firstDelta;
    listener.controller.abort();
    await expect(asked).rejects.toBe(listener.signal.reason);
    expect(await llm.requests[0]?.ended).toBe("closed by client");
    expect(listener.retries).toEqual([]);
  });

  test("that came first sends nothing", async () => {
    listener.controller.abort();
    await expect(ask()).rejects.toBe(listener.signal.reason);
    expect(llm.requests).toEqual([]);
  });
});
