/** Who gets in: every call and socket without a key, from elsewhere, under another name; and the ways that work. */
import { once } from "node:events";
import { request } from "node:http";
import { temporaryHome, type TemporaryHome } from "@openhands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { readConfig, startServer } from "../src/index.ts";
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
  /** it is a GET that is upgraded */
  readonly isSocket: boolean;
}

/** Everything that the document names, so that nothing new is forgotten. */
async function operations(): Promise<Operation[]> {
  const { status, body } = await ask("GET", "/openapi.json");
  expect(status).toBe(200);
  const { paths } = JSON.parse(body) as { paths: Record<string, Record<string, { "x-socket"?: true }>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path
        .replace("{id}", id)
        .replace("{port}", "1")
        .replaceAll(/\{\w+\}/g, "x"),
      isSocket: operation["x-socket"] === true,
    })),
  );
}

const sockets = async (): Promise<Operation[]> => (await operations()).filter(({ isSocket }) => isSocket);

/** The headers of a browser that was signed in by a link. */
async function signedIn(): Promise<{ cookie: string }> {
  const made = await ask("POST", "/api/auth/link", { "x-session-api-key": server.key });
  const { link } = JSON.parse(made.body) as { link: string };
  const code = new URL(link).hash.replace("#code=", "");
  const json = { "content-type": "application/json" };
  const answer = await ask("POST", "/api/auth/sign-in", json, JSON.stringify({ code }));
  return { cookie: (answer.headers["set-cookie"]?.[0] ?? "").split(";")[0] ?? "" };
}

/** What a browser says of a page elsewhere that asks, or a name that was made to lead here. */
const foreign: readonly Record<string, string>[] = [
  { origin: "https://evil.test" },
  { origin: "null" },
  { origin: "http://localhost:1" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { host: "evil.test" },
  { host: "127.0.0.1.evil.test" },
];

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

  it("refuses a foreign Origin, another site and a foreign Host, the key and the cookie notwithstanding", async () => {
    const cookie = await signedIn();
    for (const { method, path } of await operations()) {
      for (const who of [{ "x-session-api-key": server.key }, cookie]) {
        for (const from of foreign) {
          const headers: Record<string, string> = { ...who, ...from };
          const answer = await ask(method, path, headers);
          expect(answer, `${method} ${path} ${JSON.stringify(from)}`).toMatchObject({
            status: 403,
            body: expect.stringMatching(/^\{"detail":".+","code":"forbidden"\}$/) as string,
          });
        }
      }
    }
  });
});

describe("a form on another site", () => {
  it("changes nothing, although the browser sends our cookie with it", async () => {
    const cookie = await signedIn();
    const writes = (await operations()).filter(({ method }) => method !== "GET");
    expect(writes.length).toBeGreaterThan(10);
    const forms = {
      "text/plain": '{"llm_model":"',
      "application/x-www-form-urlencoded": "llm_model=evil",
      "multipart/form-data; boundary=x":
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\na\r\n--x--\r\n',
    };
    for (const { method, path } of writes) {
      if (open.has(path)) continue;
      for (const [type, form] of Object.entries(forms)) {
        for (const sender of [{}, ...foreign]) {
          const headers: Record<string, string> = { ...cookie, "content-type": type, ...sender };
          // a form of HTML can't delete; a body that is not announced would only break the connection
          const answer = await ask(method, path, headers, method === "DELETE" ? undefined : form);
          expect(answer, `${method} ${path} ${type}`).toMatchObject({ status: 403 });
        }
      }
    }
  });

  it("signs nobody in", async () => {
    const code = new URL(server.link).hash.replace("#code=", "");
    for (const [type, form] of [
      ["text/plain", JSON.stringify({ code })],
      ["application/x-www-form-urlencoded", `code=${code}`],
    ] as const) {
      const headers = { "content-type": type };
      const answer = await ask("POST", "/api/auth/sign-in", headers, form);
      expect([answer.status, answer.headers["set-cookie"]]).toEqual([422, undefined]);
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

describe("every socket of the OpenAPI document", () => {
  it("is not opened without a key, with a wrong one, or with a cookie that is none", async () => {
    const all = await sockets();
    expect(all.map(({ path }) => path)).toEqual([
      `/sockets/events/${id}`,
      `/sockets/terminal/${id}`,
      `/conversations/${id}/ports/1/x`,
    ]);
    const auth = (key: string): string => JSON.stringify({ type: "auth", session_api_key: key });
    for (const { path } of all) {
      for (const [headers, frame, query] of [
        [{}, "{}", ""],
        [{}, auth("wrong"), ""],
        [{}, "garbage", ""],
        [{ "x-session-api-key": "wrong" }, undefined, ""],
        [{ cookie: "openhands_x=1; openhands_preview=1" }, "{}", ""],
        [{}, undefined, "?session_api_key=wrong"],
      ] as const)
        expect([401, 4001], path).toContain(await closeCode(`${path}${query}`, headers, frame));
    }
  });

  it("is closed where nothing shows access for ten seconds", async () => {
    const codes = ["events", "terminal"].map(async (noun) => await closeCode(`/sockets/${noun}/${id}`));
    expect(await Promise.all(codes)).toEqual([4001, 4001]);
  });

  it("refuses a foreign Origin, another site and a foreign Host before the handshake", async () => {
    const cookie = await signedIn();
    for (const { path } of await sockets())
      for (const from of foreign) {
        const key = { "x-session-api-key": server.key };
        expect(await closeCode(path, { ...key, ...from }), path).toBe(403);
        expect([401, 403], path).toContain(await closeCode(path, { ...cookie, ...from }));
      }
    expect(await closeCode("/sockets/nothing", { "x-session-api-key": server.key })).toBe(404);
  });

  it("of a conversation that is not there closes with 4004, however the key is shown", async () => {
    const { key } = server;
    const paths = ["events", "terminal"].flatMap((noun) => [`${noun}/${id}`, `${noun}/nonsense`]);
    for (const path of paths.map((rest) => `/sockets/${rest}`)) {
      expect(await closeCode(path, { "x-session-api-key": key })).toBe(4004);
      expect(await closeCode(path, { ...(await signedIn()), origin: server.url })).toBe(4004);
      expect(await closeCode(`${path}?session_api_key=${key}`)).toBe(4004);
      expect(await closeCode(path, {}, JSON.stringify({ type: "auth", session_api_key: key }))).toBe(4004);
    }
  });
});

describe("the host of a port", () => {
  it("lets nobody in by our key or cookie, by HTTP or by an upgrade", async () => {
    const host = `1--${id}.localhost`;
    for (const headers of [{}, { "x-session-api-key": server.key }, await signedIn()]) {
      expect(await ask("GET", "/", { ...headers, host })).toMatchObject({ status: 401 });
      expect(await closeCode("/", { ...headers, host })).toBe(401);
      expect(await closeCode(`/sockets/events/${id}`, { ...headers, host })).toBe(401);
      expect(await ask("GET", `/?session_api_key=${server.key}`, { host })).toMatchObject({ status: 401 });
    }
  });
});

describe("the program itself", () => {
  it("answers no call that the document does not name, but the document, its page and the page", async () => {
    await using other = await temporaryHome();
    const config = readConfig(["--port", "0", "--home", other.path, "--runtime", "bubblewrap"], {});
    const running = await startServer(config, { reconcileAfter: null });
    const { paths } = running.parts.app.getOpenAPIDocument({
      openapi: "3.1.0",
      info: { title: "", version: "" },
    });
    const named = Object.entries(paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
    );
    const served = running.parts.app.routes
      // what is for all methods refuses, or comes before
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`);
    expect(new Set(served.filter((call) => !named.includes(call)))).toEqual(
      new Set(["GET /openapi.json", "GET /docs", "GET /*"]),
    );
    await running.stop();
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
    // another page of the same site may put one of that name before it, and keeps nobody out by that
    const tossed = `${pair.split("=")[0]}=evil; ${pair}`;
    expect(await ask("GET", "/api/settings", { cookie: tossed })).toMatchObject({ status: 200 });
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

describe("signing out", () => {
  it("ends the sockets that were let in by that cookie, and no other", async () => {
    const make = { "x-session-api-key": server.key, "content-type": "application/json" };
    const made = JSON.parse((await ask("POST", "/api/conversations", make, "{}")).body) as { id: string };
    const follow = async (headers: Record<string, string>): Promise<WebSocket> => {
      const address = `${server.url.replace("http", "ws")}/sockets/events/${made.id}`;
      const socket = new WebSocket(address, { headers });
      await once(socket, "message");
      return socket;
    };
    const [leaving, staying] = [await signedIn(), await signedIn()];
    const left = [await follow({ ...leaving, origin: server.url }), await follow(leaving)];
    const others = [await follow(staying), await follow({ ...leaving, "x-session-api-key": server.key })];
    const closed = Promise.all(left.map(async (socket) => await once(socket, "close")));
    const signOut = { ...leaving, origin: server.url };
    expect(await ask("POST", "/api/auth/sign-out", signOut)).toMatchObject({ status: 204 });
    expect((await closed).map(([code]) => code as number)).toEqual([4001, 4001]);
    for (const socket of others) {
      const told = once(socket, "message");
      socket.send("{}");
      await told;
      socket.terminate();
    }
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
