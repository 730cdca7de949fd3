/** What is found out of a model before a conversation needs it. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { answer, call, fail, say, type ScriptedLlm, startScriptedLlm } from "@openhands/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ModelSettings } from "../model.ts";
import { probeModel, type Probed, probeServer } from "./probe-model.ts";

const key = "sk-canary-0123456789";
const { signal } = new AbortController();

let llm: ScriptedLlm;
const servers: Server[] = [];
beforeEach(async () => {
  llm = await startScriptedLlm();
});
afterEach(async () => {
  await llm.stop();
  for (const server of servers.splice(0)) server.close();
});

const probe = async (part: Partial<ModelSettings> = {}): Promise<Probed> =>
  await probeModel(
    {
      name: "openai/scripted",
      baseUrl: llm.url,
      apiKey: () => Promise.resolve(key),
      limits: { firstByteSeconds: 20, silenceSeconds: 20, attempts: 5 },
      ...part,
    },
    { signal },
  );

const results = ({ report }: Probed): Record<string, string> =>
  Object.fromEntries(report.checks.map(({ name, result }) => [name, result]));

/** A server that answers GET and POST of these paths with JSON, and 404 else. */
async function serve(paths: Readonly<Record<string, unknown>>): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    const body = paths[request.url ?? ""];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? { error: "not here" }));
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a good model is good in everything, and each question is a row of the ledger", async () => {
  llm.push(answer({ text: "one two three four", chunkSize: 4 }), call("report", { number: 7 }), say("Red."));
  const probed = await probe({ facts: { context_window: 200_000 } });
  expect(results(probed)).toEqual({
    reachable: "good",
    key: "good",
    streaming: "good",
    tools: "good",
    vision: "good",
    window: "good",
  });
  expect(probed.report).toMatchObject({ context_window: 200_000, models: ["openai/scripted"] });
  expect(probed.calls.map(({ usage_id, cost }) => `${usage_id} ${cost}`)).toEqual([
    "probe null",
    "probe null",
    "probe null",
  ]);
  expect(JSON.stringify(llm.requests[2]?.body)).toContain("data:image/png;base64,");
});

test("a weak one is told of in words", async () => {
  llm.push(say("one two"), say("I would call report."), fail(400, { error: { message: "no images" } }));
  const probed = await probe();
  expect(results(probed)).toMatchObject({ streaming: "bad", tools: "bad", vision: "bad", window: "unknown" });
  for (const { words } of probed.report.checks) expect(words).toMatch(/[.]$/);
});

test("a wrong key is the key's fault, is asked once, and is not quoted", async () => {
  llm.push(fail(401, { error: { message: `Incorrect key ${key}` } }));
  const probed = await probe();
  expect(results(probed)).toMatchObject({ reachable: "good", key: "bad" });
  expect(JSON.stringify(probed.report)).not.toContain(key);
  expect(llm.requests).toHaveLength(1);
});

test("nobody there is not reachable", async () => {
  await llm.stop();
  expect(results(await probe())).toEqual({ reachable: "bad", window: "unknown" });
});

const tags = { "/api/tags": { models: [{ name: "qwen3:8b" }] } };
const show = {
  "/api/show": { parameters: "num_ctx 8192\nstop x", model_info: { "qwen3.context_length": 40960 } },
};

test("a bare address lists its models by the names that go into the settings", async () => {
  const vllm = { "/v1/models": { data: [{ id: "Qwen/Qwen3-8B", owned_by: "vllm", max_model_len: 32768 }] } };
  for (const [paths, name] of [
    [tags, "ollama/qwen3:8b"],
    [vllm, "vllm/Qwen/Qwen3-8B"],
    [{ "/api/v0/models": { data: [{ id: "local", max_context_length: 4096 }] } }, "lm_studio/local"],
    [{ "/v1/models": { data: [{ id: "x" }] } }, "openai/x"],
  ] as const) {
    const url = await serve(paths);
    for (const baseUrl of [url, `${url}/`, `${url}/v1`]) {
      expect((await probeServer({ baseUrl, headers: {}, signal })).models).toEqual([name]);
    }
  }
  const nobody = await probeServer({ baseUrl: await serve({}), headers: {}, signal });
  expect(nobody).toMatchObject({ models: [], checks: [{ result: "bad" }] });
});

test.each<[string, string, object, string, number | null]>([
  ["Ollama's num_ctx", "ollama/qwen3:8b", { ...tags, ...show }, "bad", 8192],
  [
    "Ollama without num_ctx",
    "ollama/qwen3:8b",
    { ...tags, "/api/show": { model_info: {} } },
    "unknown",
    null,
  ],
  [
    "LM Studio's loaded length",
    "lm_studio/local",
    { "/api/v0/models": { data: [{ id: "local", max_context_length: 99999, loaded_context_length: 4096 }] } },
    "bad",
    4096,
  ],
  [
    "vLLM's max_model_len",
    "vllm/m",
    { "/v1/models": { data: [{ id: "m", owned_by: "vllm", max_model_len: 32768 }] } },
    "good",
    32768,
  ],
])("the window is the server's own: %s", async (...[, name, paths, result, tokens]) => {
  const probed = await probe({ name, baseUrl: await serve(paths as Record<string, unknown>) });
  expect(results(probed).window).toBe(result);
  expect(probed.report.context_window).toBe(tokens);
});
