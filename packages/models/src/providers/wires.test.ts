/** Each wire through its real vendor package against the scripted server: every way to answer, every way to fail. */
import {
  answer,
  breakOff,
  call,
  empty,
  fail,
  halfLine,
  hang,
  type Reply,
  reset,
  say,
  type ScriptedLlm,
  startScriptedLlm,
  truncate,
  type WireName,
} from "@openhands/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createModel } from "../create-model.ts";
import { httpFetch } from "../http-fetch.ts";
import { type AnswerDelta, type FailureKind, ModelError } from "../model.ts";
import { key, request } from "../scripted-calls.test-data.ts";

interface Row {
  readonly wire: WireName;
  readonly name: string;
  /** the provider's own address, for what is spoken nowhere else */
  readonly ownUrl?: string;
  readonly countsCacheWrites?: boolean;
  readonly countsReasoning?: boolean;
}

const rows: readonly Row[] = [
  { wire: "openai-chat", name: "openai/scripted", countsReasoning: true },
  {
    wire: "openai-responses",
    name: "openai/gpt-5-codex",
    ownUrl: "https://api.openai.com/v1",
    countsReasoning: true,
  },
  {
    wire: "anthropic-messages",
    name: "anthropic/claude-sonnet-4-5",
    countsCacheWrites: true,
  },
  {
    wire: "google-generative",
    name: "gemini/gemini-2.5-flash",
    countsReasoning: true,
  },
];

let llm: ScriptedLlm;
let controller: AbortController;
let deltas: AnswerDelta[];
beforeEach(async () => {
  llm = await startScriptedLlm();
  controller = new AbortController();
  deltas = [];
});
afterEach(() => llm.stop());

interface Asking {
  readonly onDelta?: () => void;
  readonly silenceSeconds?: number;
}

function ask(row: Row, { onDelta, silenceSeconds = 20 }: Asking = {}) {
  const { ownUrl } = row;
  const toHere: typeof fetch = (target, init) => {
    const { href } = new URL(target instanceof Request ? target.url : target);
    return httpFetch(ownUrl === undefined ? href : href.replace(ownUrl, llm.url), init);
  };
  const model = createModel(
    {
      name: row.name,
      baseUrl: ownUrl === undefined ? llm.url : null,
      apiKey: () => Promise.resolve(key),
      limits: { firstByteSeconds: silenceSeconds, silenceSeconds, attempts: 1 },
    },
    { fetch: toHere },
  );
  return model.ask(request, {
    signal: controller.signal,
    onDelta: (delta) => {
      deltas.push(delta);
      onDelta?.();
    },
    onRetry: () => undefined,
  });
}

/** The ModelError that the call ends with; the key is nowhere in it. */
async function failureOf(row: Row, asking?: Asking): Promise<ModelError> {
  const error: unknown = await ask(row, asking).then(
    (got) => got,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModelError)) throw new TypeError(`It did not fail: ${JSON.stringify(error)}`);
  expect([error.message, error.stack, String(error.cause)].join("\n")).not.toContain(key);
  return error;
}

/** What is missing looks like a lost connection on one wire and like nonsense on another; both are tried again. */
const brokenOff: readonly FailureKind[] = ["network", "malformed"];

const joined = (part: keyof AnswerDelta): string => deltas.map((delta) => delta[part] ?? "").join("");

describe.each(rows)("$wire", (row) => {
  test("streams text", async () => {
    llm.push(answer({ text: "Größe 12 µm → 数字 🦊", chunkSize: 3 }));
    const got = await ask(row);
    expect(got).toMatchObject({ text: "Größe 12 µm → 数字 🦊", toolCalls: [], end: "stop" });
    expect(joined("text")).toBe(got.text);
    expect(deltas.length).toBeGreaterThan(3);
    expect(llm.requests[0]).toMatchObject({ wireName: row.wire, model: row.name.replace(/^\w+\//, "") });
    expect(llm.requests[0]?.text).toContain("Runs a command.");
    expect(llm.requests[0]?.text).not.toContain(key);
  });

  test.each([1, 7, 4096])("reads writes of %i bytes", async (writeSize) => {
    const command = `printf 'Größe 🦊 "quoted"\n'`;
    llm.push(
      answer({ text: "Ich prüfe 🦊.", calls: [{ name: "terminal", arguments: { command } }], writeSize }),
    );
    const got = await ask(row);
    expect(got.text).toBe("Ich prüfe 🦊.");
    expect(JSON.parse(got.toolCalls[0]?.arguments ?? "")).toEqual({ command });
  });

  test("gives several calls of one answer, each with an id", async () => {
    const [first, second] = [{ command: "ls" }, { command: "pwd" }];
    llm.push(
      answer({
        text: "Two.",
        calls: [
          { name: "terminal", arguments: first },
          { name: "terminal", arguments: second },
        ],
        chunkSize: 4,
      }),
    );
    const got = await ask(row);
    expect(got.end).toBe("tool-calls");
    expect(got.toolCalls.map((toolCall) => JSON.parse(toolCall.arguments) as unknown)).toEqual([
      first,
      second,
    ]);
    expect(new Set(got.toolCalls.map(({ id }) => id)).size).toBe(2);
  });

  test("tells reasoning apart from text", async () => {
    llm.push(answer({ reasoning: "Let me think.", text: "Done.", signature: "signed", chunkSize: 4 }));
    const got = await ask(row);
    expect(got).toMatchObject({ reasoning: "Let me think.", text: "Done." });
    expect(joined("reasoning")).toBe("Let me think.");
  });

  test("counts tokens, those of the cache and of reasoning too", async () => {
    const usage = {
      promptTokens: 120,
      completionTokens: 34,
      cachedTokens: 80,
      cacheWriteTokens: 15,
      reasoningTokens: 9,
    };
    llm.push(answer({ text: "Hi.", usage }));
    expect((await ask(row)).tokens).toEqual({
      prompt_tokens: 120,
      completion_tokens: 34,
      cache_read_tokens: 80,
      cache_write_tokens: row.countsCacheWrites ? 15 : 0,
      reasoning_tokens: row.countsReasoning ? 9 : 0,
    });
  });

  test.each([
    ["length", "length"],
    ["content_filter", "content-filter"],
  ] as const)("says that an answer was cut by %s", async (finishReason, end) => {
    llm.push(answer({ text: "Half of", finishReason }));
    expect((await ask(row)).end).toBe(end);
  });

  test("closes the socket when it is stopped in mid-answer", async () => {
    llm.push(hang("I begin"));
    const reason = new Error("stopped");
    await expect(ask(row, { onDelta: () => controller.abort(reason) })).rejects.toBe(reason);
    expect(await llm.requests[0]?.ended).toBe("closed by client");
  });

  test("closes the socket when it is stopped before the first byte", async () => {
    llm.push(hang());
    const asked = ask(row);
    await llm.waitForRequest(1);
    controller.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow("stopped");
    expect(await llm.requests[0]?.ended).toBe("closed by client");
  });

  test.each<[string, FailureKind | readonly FailureKind[], Reply]>([
    ["a wrong key", "auth", fail(401)],
    ["no money", "quota", fail(402)],
    ["too many requests", "rate_limit", fail(429, undefined, { "retry-after": "7" })],
    ["a server's own error", "overloaded", fail(500)],
    ["a gateway's page", "overloaded", fail(502, "<html>Bad gateway</html>")],
    ["a full server", "overloaded", fail(503)],
    ["an overloaded server", "overloaded", fail(529)],
    ["a reset before the answer", "network", reset()],
    ["a reset in mid-answer", "network", truncate()],
    ["half a line of the stream", brokenOff, halfLine()],
    ["an answer without an end", brokenOff, answer({ text: "I begin", finishReason: null })],
    ["an empty answer", "empty", empty()],
    ["a page in place of an answer", brokenOff, fail(200, "<html>Welcome</html>")],
    ["an error within the answer", "overloaded", breakOff("I begin", streamedError(row.wire))],
  ])("%s is %s", async (_, kind, reply) => {
    llm.push(reply);
    expect([kind].flat()).toContain((await failureOf(row)).kind);
  });

  test.each([
    ["from the start", hang()],
    ["in mid-answer", hang("I begin")],
  ])("silence %s is a timeout, and the socket is closed", async (_, reply) => {
    llm.push(reply);
    expect((await failureOf(row, { silenceSeconds: 0.05 })).kind).toBe("timeout");
    expect(await llm.requests[0]?.ended).toBe("closed by client");
  });

  test("a call whose arguments are no JSON does not end the conversation", async () => {
    llm.push(call("terminal", '{"command": "ls'), say("Sorry."));
    if (row.wire === "google-generative") {
      // Google keeps such a call to itself and says so.
      const failure = await failureOf(row);
      expect(failure.kind).toBe("malformed");
      expect(failure.message).toContain("called a tool");
    } else {
      expect((await ask(row)).toolCalls).toMatchObject([{ arguments: '{"command": "ls' }]);
    }
  });
});

/** What each says within an answer when it has too much to do. */
function streamedError(wire: WireName): object {
  switch (wire) {
    case "anthropic-messages":
      return { type: "overloaded_error", message: "Overloaded" };
    case "google-generative":
      return { code: 503, status: "UNAVAILABLE", message: "The model is overloaded." };
    case "openai-responses":
      return { type: "server_error", code: "server_is_overloaded", message: "We are overloaded." };
    case "openai-chat":
      return { type: "server_error", code: 503, message: "The server is overloaded." };
  }
}
