/** The real vendor packages against a real HTTP server that fails: what is tried again, what is told, what ends it. */
import { answer, breakOff, fail, hang, type Reply, reset, say, truncate } from "@openhands/testing";
import { describe, expect, test } from "vitest";
import { createModel } from "./create-model.ts";
import { type FailureKind, type RetryWait } from "./model.ts";
import { key, request, scriptedCalls } from "./scripted-calls.test-data.ts";

const given = scriptedCalls();
const { ask, failureOf, settingsOf } = given;

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
    given.llm.push(fail(status, body));
    const failure = await failureOf({ attempts: 5 });
    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toContain("<html>");
    expect(given.llm.requests).toHaveLength(1);
    expect(given.clock.waits).toEqual([]);
  });

  test("a wrong key names the host and where to put another", async () => {
    given.llm.push(fail(401));
    const { message } = await failureOf();
    expect(message).toContain(new URL(given.llm.url).host);
    expect(message).toContain("Settings");
  });

  test("a redirect is not followed, for the key would go along", async () => {
    given.llm.push(fail(308, "", { location: "http://127.0.0.1:9/v1" }));
    expect((await failureOf({ attempts: 5 })).kind).toBe("bad_request");
  });

  test("the cause holds no request", async () => {
    given.llm.push(fail(400));
    const failure = await failureOf();
    expect(JSON.stringify(failure.cause, Object.getOwnPropertyNames(failure.cause))).not.toContain(
      "List the files",
    );
  });

  test("an exhausted script says so itself", async () => {
    const failure = await failureOf({ attempts: 5 });
    expect(failure.message).toContain("script is exhausted");
    expect(given.llm.requests).toHaveLength(1);
  });
});

describe("a failure that may pass", () => {
  test("is tried again after what Retry-After says", async () => {
    given.llm.push(
      fail(429, undefined, { "retry-after": "7" }),
      fail(503, "", { "retry-after": "0.5" }),
      say("At last."),
    );
    expect((await ask({ attempts: 5 })).text).toBe("At last.");
    expect(given.clock.waits).toEqual([7, 0.5]);
    expect(given.listener.retries.map(({ seconds, attempt }) => [seconds, attempt])).toEqual([
      [7, 1],
      [0.5, 2],
    ]);
  });

  test("else after longer and longer waits, until the tries are used up", async () => {
    given.llm.push(fail(500), fail(502), fail(529), fail(500, "<html>down</html>"));
    const failure = await failureOf({ attempts: 4 });
    expect(failure.kind).toBe("overloaded");
    expect(given.clock.waits).toEqual([2, 4, 8]);
    expect(given.llm.requests).toHaveLength(4);
  });

  test("is given up where the provider asks for an hour", async () => {
    given.llm.push(fail(429, undefined, { "retry-after": "3600" }));
    const failure = await failureOf({ attempts: 5 });
    expect(failure.kind).toBe("rate_limit");
    expect(failure.message).toContain("60 minutes");
    expect(given.llm.requests).toHaveLength(1);
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
    given.llm.push(reply, say("Whole."));
    expect((await ask({ attempts: 2 })).text).toBe("Whole.");
    expect(given.listener.retries).toHaveLength(1);
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
    given.llm.push(reply);
    expect((await failureOf()).kind).toBe(kind);
  });

  test("connection refused says where and what to do", async () => {
    await given.llm.stop();
    const failure = await failureOf({ attempts: 2 });
    expect(failure.kind).toBe("network");
    expect(failure.message).toContain(`${given.llm.url} (connection refused)`);
    expect(given.clock.waits).toHaveLength(1);
  });

  test("a host that does not exist is not asked twice", async () => {
    const failure = await failureOf({ baseUrl: "http://no-such-host.invalid/v1", attempts: 5 });
    expect(failure.kind).toBe("network");
    expect(failure.message).toContain("http://no-such-host.invalid/v1");
  });

  test("the wait ends when the person does not want to wait", async () => {
    given.llm.push(fail(429, undefined, { "retry-after": "100" }), say("At last."));
    const { sleep, random } = (await import("./retry.ts")).realClock;
    const waits: RetryWait[] = [];
    const tries: number[] = [];
    const model = createModel(settingsOf({ attempts: 5 }), { clock: { random, sleep } });
    const asked = model.ask(request, {
      signal: given.listener.signal,
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
    given.llm.push(fail(429, undefined, { "retry-after": "100" }));
    const { sleep, random } = (await import("./retry.ts")).realClock;
    const asked = ask(
      { attempts: 5 },
      {
        clock: {
          random,
          sleep: (seconds, signal) => {
            queueMicrotask(() => given.listener.controller.abort(reason));
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
    given.llm.push(hang());
    const failure = await failureOf({ firstByteSeconds: 0.05 });
    expect(failure.kind).toBe("timeout");
    expect(failure.message).toContain("llm_local_first_byte_seconds");
    expect(await given.llm.requests[0]?.ended).toBe("closed by client");
  });

  test("within the answer ends the call and closes the socket", async () => {
    given.llm.push(hang("And then"));
    const failure = await failureOf({ silenceSeconds: 0.05 });
    expect(failure.kind).toBe("timeout");
    expect(failure.message).toContain("llm_local_silence_seconds");
    expect(await given.llm.requests[0]?.ended).toBe("closed by client");
  });

  test("is not what ends an answer that goes on for ever: the limit of the whole call is, and is not tried again", async () => {
    given.llm.push(hang("And then"));
    const failure = await failureOf({ callSeconds: 0.05, attempts: 5 });
    expect(failure.kind).toBe("timeout");
    expect(failure.message).toContain("llm_local_call_seconds");
    expect(await given.llm.requests[0]?.ended).toBe("closed by client");
    expect(given.llm.requests).toHaveLength(1);
  });

  test("may last longer where the model runs on hardware of the person's own", async () => {
    const local = { firstByteSeconds: 20, silenceSeconds: 0.05 };
    given.llm.push(hang("And then"));
    expect((await failureOf({ firstByteSeconds: 0, silenceSeconds: 0, local })).message).toContain(
      "0.05 seconds",
    );
  });
});

describe("an abort", () => {
  test("before the first byte closes the socket and rejects with its reason", async () => {
    const reason = new Error("The person stopped it.");
    given.llm.push(hang());
    const asked = ask();
    const sent = await given.llm.waitForRequest(1);
    given.listener.controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(await sent.ended).toBe("closed by client");
    expect(sent.closedByClientAt).toBeInstanceOf(Date);
  });

  test("within the answer does the same", async () => {
    given.llm.push(hang("And then"));
    const asked = ask({ attempts: 5 });
    await given.listener.firstDelta;
    given.listener.controller.abort();
    await expect(asked).rejects.toBe(given.listener.signal.reason);
    expect(await given.llm.requests[0]?.ended).toBe("closed by client");
    expect(given.listener.retries).toEqual([]);
  });

  test("that came first sends nothing", async () => {
    given.listener.controller.abort();
    await expect(ask()).rejects.toBe(given.listener.signal.reason);
    expect(given.llm.requests).toEqual([]);
  });
});
