/** What a conversation does while its provider fails, and that the key is nowhere in what is told of it. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  answer,
  breakOff,
  fail,
  hang,
  type Reply,
  reset,
  say,
  startScriptedLlm,
  temporaryHome,
} from "@openhands/testing";
import { describe, expect, it, vi } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

// Each starts servers of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const key = "sk-canary-4f1d9c77aa02";

async function post(server: ServerProcess, path: string, body: object = {}): Promise<Response> {
  return await fetch(`${server.url}/api/conversations/${path}`, {
    method: "POST",
    headers: { "X-Session-API-Key": server.key, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function start(url: string, home: string): Promise<ServerProcess> {
  const env = { LLM_MODEL: "openai/first", LLM_API_KEY: key, LLM_BASE_URL: url };
  return await startServerProcess({ home, runtime: "bubblewrap", env });
}

describe("a wait for the next try", () => {
  it("is told with its end, and ended by the person", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    await using server = await start(llm.url, home.path);
    llm.push(fail(429, undefined, { "retry-after": "300" }), say("At last."));
    const { id } = await server.client.conversations.create({ initial_message: { content: "a", run: true } });
    using probe = probeConversation(server.client, id);
    const { retry } = await probe.state((info) => info.retry !== null);
    expect(retry).toMatchObject({ kind: "rate_limit", attempt: 1, attempts: 5 });
    const seconds = (Date.parse(retry?.until ?? "") - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(200);
    expect(seconds).toBeLessThanOrEqual(300);
    expect((await post(server, `${id}/retry_now`)).status).toBe(200);
    await probe.event((event) => JSON.stringify(event).includes("At last."));
    expect((await probe.state(settled)).retry).toBeNull();
    expect((await post(server, `${id}/retry_now`)).status).toBe(409);
  });

  it("is left for another model, which has the whole conversation and not the old one's key", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    await using other = await startScriptedLlm();
    await using server = await start(llm.url, home.path);
    llm.push(fail(529, undefined, { "retry-after": "300" }));
    other.push(say("Here instead."));
    const { id } = await server.client.conversations.create({
      initial_message: { content: "hello", run: true },
    });
    using probe = probeConversation(server.client, id);
    await probe.state((info) => info.retry !== null);
    const switched = await post(server, `${id}/switch_llm`, {
      llm: { model: "openai/second", base_url: other.url },
    });
    expect(switched.status).toBe(200);
    await probe.event((event) => JSON.stringify(event).includes("Here instead."));
    expect(await probe.state(settled)).toMatchObject({ llm_model: "openai/second", retry: null });
    expect(other.requests[0]?.body.model).toBe("second");
    expect(JSON.stringify(other.requests[0]?.body)).toContain("hello");
    expect(JSON.stringify(other.requests[0]?.headers)).not.toContain(key);
  });

  it("is not ended by a name that fits nobody", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    await using server = await start(llm.url, home.path);
    const { id } = await server.client.conversations.create({});
    const refused = await post(server, `${id}/switch_llm`, {
      llm: { model: "acme/large", base_url: "ftp://x" },
    });
    expect(refused.status).toBe(422);
  });
});

const quoting = (status: number): Reply =>
  fail(status, { error: { message: `The key ${key} was not taken, nor ${btoa(key)}.` } }, { "x-key": key });

const failures: readonly (readonly [kind: string, reply: Reply])[] = [
  ["auth", quoting(401)],
  ["quota", quoting(402)],
  ["rate_limit", quoting(429)],
  ["overloaded", quoting(503)],
  ["bad_request", quoting(400)],
  ["context_overflow", fail(400, { error: { message: `prompt is too long for ${key}` } })],
  ["content_filter", fail(400, { error: { message: `content_filter ${key}` } })],
  ["timeout", hang(`Half of ${key}`)],
  ["network", reset()],
  ["empty", answer({ text: "" })],
  ["malformed", breakOff(`Half of ${key}`, undefined)],
];

describe("the key", () => {
  it("is in nothing that is told or kept of a failure of any kind", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    await using server = await start(llm.url, home.path);
    await server.client.settings.patch({ llm_attempts: 1, llm_local_silence_seconds: 0.2 });
    const told: string[] = [];
    const codes: (string | undefined)[] = [];
    for (const [kind, reply] of failures) {
      // what is no answer is told to the model, twice
      const times = kind === "empty" || kind === "malformed" ? 3 : 1;
      llm.push(...Array.from({ length: times }, () => reply));
      const { id } = await server.client.conversations.create({
        initial_message: { content: "a", run: true },
      });
      using probe = probeConversation(server.client, id);
      codes.push((await probe.state(settled)).error?.code);
      told.push(JSON.stringify([probe.events, probe.transients]));
    }
    expect(codes).toEqual(failures.map(([kind]) => `model_${kind}`));
    expect(llm.requests.every((request) => request.headers.authorization === `Bearer ${key}`)).toBe(true);
    await server.stop();
    for (const file of await filesIn(home.path)) told.push(await readFile(file, "utf8"));
    told.push(server.log());
    for (const form of [key, btoa(key), encodeURIComponent(key)]) expect(told.join("\n")).not.toContain(form);
  });
});

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
