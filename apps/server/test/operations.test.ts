/** What a person who runs a server asks it: is it there, what does it do, what did it do. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { temporaryHome, type TemporaryHome } from "@openhands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

let home: TemporaryHome;
let server: ServerProcess;

beforeAll(async () => {
  home = await temporaryHome();
  server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env: { LOG_LEVEL: "info" } });
}, 60_000);

afterAll(async () => {
  await server.stop();
  await home[Symbol.asyncDispose]();
});

async function ask(
  path: string,
  init: Omit<RequestInit, "headers"> & { headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { "x-session-api-key": server.key, "content-type": "application/json", ...init.headers };
  return await fetch(`${server.url}${path}`, { ...init, headers });
}

describe("/metrics", () => {
  it("counts requests by their route, so that ids make no series of their own", async () => {
    const { id } = await server.client.conversations.create();
    await server.client.conversations.get(id);
    await (await fetch(`${server.url}/conversations/${id}/ports/4100/`)).arrayBuffer();
    const answer = await ask("/metrics");
    expect(answer.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const text = await answer.text();
    expect(text).toContain(
      'openhands_http_requests_total{method="GET",route="/api/conversations/:id",status="200"} 1',
    );
    expect(text).toContain(
      'openhands_http_requests_total{method="GET",route="/conversations/:id/ports/:port/",status="401"} 1',
    );
    expect(text).toMatch(/openhands_http_request_seconds_bucket\{method="GET",[^}]*le="\+Inf"\} 1\n/);
    expect(text).toMatch(/^openhands_conversations_in_memory 1$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).not.toContain(id);
    const lines = text.trimEnd().split("\n");
    expect(lines.filter((line) => !/^(# (HELP|TYPE) \w+ .+|\w+(\{[^{}]*\})? [\d.e+-]+)$/.test(line))).toEqual(
      [],
    );
  });
});

describe("the server's own log", () => {
  it("has one line a request, refused ones too, with duration, status and conversation, and no key", async () => {
    const { id } = await server.client.conversations.create({
      agent: { llm: { api_key: "sk-canary-123456" } },
    });
    await fetch(`${server.url}/api/conversations/${id}`);
    await ask(`/api/conversations/${id}?session_api_key=${server.key}`);
    await (await ask(`/api/file/download-trajectory/${id}`)).arrayBuffer();
    // what is passed on to a server in a sandbox, and a socket
    await fetch(`${server.url}/conversations/${id}/ports/4100/path-of-its-own?token=1`);
    const address = `${server.url.replace("http", "ws")}/sockets/events/${id}?session_api_key=${server.key}`;
    const socket = new WebSocket(address);
    await once(socket, "message");
    socket.close();
    await expect.poll(() => server.log(), { timeout: 60_000 }).toContain('"msg":"socket"');
    await server.stop();
    expect(server.log()).not.toContain("path-of-its-own");
    const ended = server
      .log()
      .split("\n")
      .find((line) => line.includes('"msg":"socket"'));
    expect(JSON.parse(ended ?? "")).toMatchObject({
      path: `/sockets/events/${id}`,
      ms: expect.any(Number),
      conversation: id,
    });
    const lines = server
      .log()
      .split("\n")
      .filter((line) => line.includes('"msg":"request"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const own = lines.filter(({ conversation, method }) => conversation === id && method === "GET");
    expect(own.map(({ path, status }) => [path, status])).toEqual([
      [`/api/conversations/${id}`, 401],
      [`/api/conversations/${id}`, 200],
      [`/api/file/download-trajectory/${id}`, 200],
      [`/conversations/${id}/ports/4100/`, 401],
    ]);
    const made = lines.filter(({ path, method }) => path === "/api/conversations" && method === "POST");
    expect(made.at(-1)).toMatchObject({ conversation: id, status: 201 });
    for (const line of own) expect(line).toMatchObject({ ms: expect.any(Number) });
    expect(server.log()).not.toContain(server.key);
    expect(server.log()).not.toContain("sk-canary-123456");
    server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  }, 60_000);
});

it("goes on when whoever read its link has gone", async () => {
  await using other = await temporaryHome();
  const main = new URL("../../cli/bin/openhands.mjs", import.meta.url).pathname;
  const env = { ...process.env, OPENHANDS_HOME: other.path, OPENHANDS_RUNTIME: "bubblewrap", PORT: "0" };
  const child = spawn(process.execPath, [main, "start"], { env, stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(child, "exit");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  child.stdout.destroy();
  const { origin } = new URL(/http\S+/.exec(line.toString())?.[0] ?? "");
  // its next lines go nowhere by now
  expect((await fetch(`${origin}/health`)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});

it("goes on when work that nobody waited for fails, and says so", async () => {
  await using other = await temporaryHome();
  const mistake = "data:text/javascript,process.on('SIGUSR2', () => void Promise.reject(new Error('lost')))";
  const env = { NODE_OPTIONS: `--import "${mistake}"` };
  await using own = await startServerProcess({ home: other.path, runtime: "bubblewrap", env });
  process.kill(own.pid, "SIGUSR2");
  await expect.poll(() => own.log()).toContain('"msg":"work that nobody waited for has failed"');
  expect((await fetch(`${own.url}/health`)).status).toBe(200);
});

describe("/docs", () => {
  it("lists every call, without a script and with nothing from elsewhere", async () => {
    const page = await (await ask("/docs")).text();
    const { paths } = (await (await ask("/openapi.json")).json()) as { paths: Record<string, unknown> };
    for (const path of Object.keys(paths)) expect(page).toContain(`<code>${path}`);
    expect(page).not.toMatch(/<script|https?:\/\//);
  });
});

describe("a call to create with an Idempotency-Key", () => {
  it("makes one conversation, however often it is sent, also at the same time", async () => {
    const create = async (key: string): Promise<{ status: number; id: string }> => {
      const answer = await ask("/api/conversations", {
        method: "POST",
        body: "{}",
        headers: { "idempotency-key": key },
      });
      return { status: answer.status, id: ((await answer.json()) as { id: string }).id };
    };
    const made = await Promise.all([create("first"), create("first"), create("first")]);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(made.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 201]);
    expect(await create("second")).toMatchObject({ status: 201 });
  });

  it("is refused where the key was used for another body, and as good as before for its own", async () => {
    const create = async (body: object): Promise<unknown[]> => {
      const headers = { "idempotency-key": "once" };
      const answer = await ask("/api/conversations", { method: "POST", body: JSON.stringify(body), headers });
      return [answer.status, await answer.json()];
    };
    const body = { title: "One", tags: { a: "1", b: "2" } };
    const [status, made] = await create(body);
    expect(status).toBe(201);
    const { id } = made as { id: string };
    expect(await create({ ...body, title: "Two" })).toMatchObject([
      422,
      { code: "invalid", detail: expect.stringContaining("Idempotency-Key") },
    ]);
    expect(await create({ tags: { b: "2", a: "1" }, title: "One" })).toMatchObject([200, { id }]);
  });
});

describe("what can be chosen", () => {
  it("names the agents and who judges a risk; a new conversation has no MCP server", async () => {
    expect(await (await ask("/api/options/agents")).json()).toContain("CodeActAgent");
    expect(await (await ask("/api/options/security-analyzers")).json()).toEqual(["LLMSecurityAnalyzer"]);
    const { id } = await server.client.conversations.create();
    expect(await (await ask(`/api/conversations/${id}/mcp`)).json()).toEqual([]);
    const restarted = await ask(`/api/conversations/${id}/mcp/x/restart`, { method: "POST" });
    expect(restarted.status).toBe(404);
  });
});

describe("sign-in attempts", () => {
  it("are limited: after twenty wrong codes their sender waits, is told for how long, and nobody else waits", async () => {
    const attempt = async (code: string): Promise<Response> =>
      await ask("/api/auth/sign-in", { method: "POST", body: JSON.stringify({ code }) });
    const wrong = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => await attempt(`${index}`)),
    );
    expect(new Set(wrong.map(({ status }) => status))).toEqual(new Set([401]));
    const code = new URL(server.link).hash.replace("#code=", "");
    const refused = await attempt(code);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: "too_many", detail: expect.any(String) });
    // from another address of this machine
    const headers = { "content-type": "application/json" };
    const options = { method: "POST", headers, localAddress: "127.0.0.2" };
    const asked = request(`${server.url}/api/auth/sign-in`, options).end(JSON.stringify({ code }));
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(204);
  });
});
