/** Who gets in: every call and socket without a key, from elsewhere, under another name; and the ways that work. */
import { request } from "node:http";
import { temporaryHome, type TemporaryHome } from "@openhands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const id = "a".repeat(32);

let home: TemporaryHome;
let server: ServerProcess;

beforeAll(async () => {
  home = await temporaryHome();
  server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
});

afterAll(async () => {
  await server.stop();
  await home[Symbol.asyncDispose]();
});

/** Plain HTTP, so that Host and Origin can be anything. */
async function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }> {
  return await new Promise((resolve, reject) => {
    const call = request(`${server.url}${path}`, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    call.on("error", reject);
    call.end(body);
  });
}

interface Operation {
  readonly method: string;
  readonly path: string;
}

async function operations(): Promise<Operation[]> {
  const { status, body } = await ask("GET", "/openapi.json");
  expect(status).toBe(200);
  const { paths } = JSON.parse(body) as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replace("{id}", id).replaceAll(/\{\w+\}/g, "x"),
    })),
  );
}

async function closeCode(
  path: string,
  headers: Record<string, string> = {},
  firstFrame?: string,
): Promise<number> {
  return await new Promise((resolve) => {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}${path}`, { headers });
    if (firstFrame !== undefined) socket.on("open", () => socket.send(firstFrame));
    socket.on("unexpected-response", (_, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => undefined);
    socket.on("close", (code) => resolve(code));
  });
}

const open = new Set(["/health", "/ready", "/alive", "/server_info", "/api/auth/sign-in"]);

describe("every call of the OpenAPI document", () => {
  it("answers 401 without a key and with a wrong one", async () => {
    const closed = (await operations()).filter(({ path }) => !open.has(path));
    expect(closed.length).toBeGreaterThan(10);
    for (const { method, path } of closed) {
      const origin = { origin: server.url };
      expect(await ask(method, path, origin), `${method} ${path}`).toMatchObject({ status: 401 });
      const wrong = { ...origin, "x-session-api-key": "wrong" };
      expect(await ask(method, path, wrong), `${method} ${path}`).toMatchObject({ status: 401 });
    }
  });

  it("refuses a foreign Origin, another site and a foreign Host, the key notwithstanding", async () => {
    const key = { "x-session-api-key": server.key };
    for (const { method, path } of await operations()) {
      for (const foreign of [
        { origin: "https://evil.test" },
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { host: "evil.test" },
      ]) {
        const headers: Record<string, string> = { ...key, ...foreign };
        expect(await ask(method, path, headers), `${method} ${path}`).toMatchObject({ status: 403 });
      }
    }
  });
});

describe("a form on another site", () => {
  it("changes nothing, although the browser sends our cookie with it", async () => {
    const link = await ask("POST", "/api/auth/link", { "x-session-api-key": server.key });
    const { link: address } = JSON.parse(link.body) as { link: string };
    const code = new URL(address).hash.replace("#code=", "");
    const json = { "content-type": "application/json" };
    const signedIn = await ask("POST", "/api/auth/sign-in", json, JSON.stringify({ code }));
    const cookie = (signedIn.headers["set-cookie"]?.[0] ?? "").split(";")[0] ?? "";
    const form = { cookie, "content-type": "text/plain" };
    const writes = (await operations()).filter(({ method }) => method !== "GET");
    expect(writes.length).toBeGreaterThan(10);
    for (const { method, path } of writes) {
      if (open.has(path)) continue;
      for (const sender of [{}, { origin: "null" }, { origin: "https://evil.test" }]) {
        const headers: Record<string, string> = { ...form, ...sender };
        // a form of HTML can't delete; a body that is not announced would only break the connection
        const body = method === "DELETE" ? undefined : '{"llm_model":"';
        const answer = await ask(method, path, headers, body);
        expect(answer, `${method} ${path}`).toMatchObject({ status: 403 });
      }
    }
  });
});

describe("the page and every answer", () => {
  it("carry headers that keep others from framing, sniffing and running anything in it", async () => {
    for (const path of ["/", "/docs", "/api/settings", "/openapi.json"]) {
      const { headers } = await ask("GET", path);
      expect(headers, path).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
      });
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe|\*/);
    }
  });
});

describe("the events socket", () => {
  it("closes with 4001 without access and 4004 for an unknown conversation", async () => {
    const path = `/sockets/events/${id}`;
    const key = server.key;
    expect(await closeCode(path, {}, JSON.stringify({ type: "auth", session_api_key: "wrong" }))).toBe(4001);
    expect(await closeCode(path, {}, "garbage")).toBe(4001);
    expect(await closeCode(`${path}?session_api_key=wrong`, {}, "{}")).toBe(4001);
    expect(await closeCode(path, { "x-session-api-key": key })).toBe(4004);
    expect(await closeCode(`${path}?session_api_key=${key}`)).toBe(4004);
    expect(await closeCode(path, {}, JSON.stringify({ type: "auth", session_api_key: key }))).toBe(4004);
  });

  it("refuses a foreign Origin and a foreign Host before the handshake", async () => {
    const key = { "x-session-api-key": server.key };
    expect(await closeCode(`/sockets/events/${id}`, { ...key, origin: "https://evil.test" })).toBe(403);
    expect(await closeCode(`/sockets/events/${id}`, { ...key, host: "evil.test" })).toBe(403);
    expect(await closeCode("/sockets/nothing", key)).toBe(404);
  });
});

describe("the printed link", () => {
  it("signs one page in, once, with a cookie that is good for reading, and for writing from our own page", async () => {
    const code = new URL(server.link).hash.replace("#code=", "");
    expect(code).not.toContain(server.key);
    const json = { "content-type": "application/json" };
    const signedIn = await ask("POST", "/api/auth/sign-in", json, JSON.stringify({ code }));
    expect(signedIn.status).toBe(204);
    const [cookie] = signedIn.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/^openhands_\w+=[\w-]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
    const pair = (cookie ?? "").split(";")[0] ?? "";
    expect(await ask("GET", "/api/settings", { cookie: pair })).toMatchObject({ status: 200 });
    const patch = (headers: Record<string, string>) =>
      ask(
        "PATCH",
        "/api/settings",
        { ...json, cookie: pair, ...headers },
        JSON.stringify({ language: "de" }),
      );
    expect(await patch({})).toMatchObject({ status: 403 });
    expect(await patch({ origin: server.url })).toMatchObject({ status: 200 });
    expect(await ask("POST", "/api/auth/sign-in", json, JSON.stringify({ code }))).toMatchObject({
      status: 401,
    });
    expect(await ask("POST", "/api/auth/sign-out", { cookie: pair, origin: server.url })).toMatchObject({
      status: 204,
    });
    expect(await ask("GET", "/api/settings", { cookie: pair })).toMatchObject({ status: 401 });
  });
});

describe("bodies that do not fit", () => {
  it("answer 422 with the field, without echoing a value", async () => {
    const headers = { "x-session-api-key": server.key, "content-type": "application/json" };
    const secret = "sk-canary-000000";
    const wrong = await ask(
      "PATCH",
      "/api/settings",
      headers,
      JSON.stringify({ llm_model: 7, llm_api_key: { secret } }),
    );
    expect(wrong.status).toBe(422);
    expect(wrong.body).toContain("llm_api_key");
    expect(wrong.body).not.toContain(secret);
    expect(await ask("PATCH", "/api/settings", headers, "{ not json")).toMatchObject({ status: 422 });
    expect(await ask("GET", `/api/conversations/${id}/events/search?limit=101`, headers)).toMatchObject({
      status: 422,
    });
    expect(await ask("GET", `/api/conversations/${id}`, headers)).toMatchObject({ status: 404 });
    expect(await ask("GET", "/api/nothing", headers)).toMatchObject({ status: 404 });
  });
});
