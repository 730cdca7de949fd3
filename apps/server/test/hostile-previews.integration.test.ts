/** Servers in a sandbox that misbehave, and requests that would get past one to another. */
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { agentRuns } from "./agent-runs.ts";
import { probeConversation } from "./conversation-probe.ts";
import { askThrough, enterThrough, type PreviewRequest } from "./preview-client.ts";
import { runtimes, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

const port = 4400;

/** Answers as no server should; `/seen` tells the requests so far, with their bodies. */
const hostile = String.raw`
const { createServer } = require("node:http");
const seen = [];
const raw = {
  "/101": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nGET / HTTP/1.1\r\n\r\n",
  "/half": "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf",
  "/half-chunked": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
  "/huge": "HTTP/1.1 200 OK\r\nX-Huge: " + "x".repeat(100000) + "\r\n\r\n",
  "/garbage": "\u0000\u0001\u0002 what is this\r\n\r\n",
  "/both": "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison",
  "/close": "",
};
const cookies = ["openhands_preview=evil", "=openhands_preview=evil", " openhands_a=b", "fine=1; Domain=.localhost; HttpOnly", "also=1;domain = localhost"];
const server = createServer((request, response) => {
  if (request.url === "/never") return request.socket.once("close", () => seen.push({ left: request.url }));
  const bytes = raw[request.url];
  if (bytes !== undefined) return request.socket.end(bytes);
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    if (request.url === "/seen") return response.end(JSON.stringify(seen.splice(0)));
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.setHeader("set-cookie", cookies);
    response.setHeader("clear-site-data", '"*"');
    response.end("seen");
  });
});
server.on("upgrade", (request, socket) => request.url !== "/never" && socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 2000\r\nSet-Cookie: openhands_x=1\r\n\r\nno"));
server.listen(${port});
`;

let scripted: ScriptedServer;
let origin: string;
let cookie: string;

async function ask(path: string, request: PreviewRequest = {}) {
  const headers = { cookie, ...request.headers };
  return await askThrough(scripted.server.url, `${origin}${path}`, { ...request, headers });
}

/** Bytes as they are, on a connection of their own. @returns all that came back */
async function raw(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(scripted.server.url).port), "127.0.0.1");
  const answered = text(socket);
  socket.write(bytes);
  return await answered;
}

const seen = async (): Promise<unknown[]> => JSON.parse((await ask("/seen")).body) as unknown[];

describe.each(runtimes)("in %s", (runtime) => {
  beforeAll(async () => {
    scripted = await startScriptedServer({ runtime });
    const { client, url } = scripted.server;
    const { id } = await client.conversations.create({ sandbox: { network: "off" } });
    await client.files.write(id, "hostile.cjs", hostile);
    using probe = probeConversation(client, id);
    await agentRuns(scripted, id, "node hostile.cjs >/dev/null 2>&1 &");
    await probe.state(({ sandbox }) => sandbox?.ports?.includes(port) === true);
    ({ origin, cookie } = await enterThrough(url, (await client.ports.open(id, port)).url));
  });

  afterAll(async () => await scripted[Symbol.asyncDispose]());

  it("what is no answer is told as such, what breaks off is cut, and the next is answered as ever", async () => {
    for (const path of ["/101", "/huge", "/garbage", "/close"]) {
      const answer = await ask(path, { headers: { accept: "text/html" } });
      expect([answer.status, answer.body.includes("did not answer")], path).toEqual([503, true]);
    }
    for (const path of ["/half", "/half-chunked"]) await expect(ask(path), path).rejects.toThrow("aborted");
    const both = await ask("/both").catch(() => null);
    expect(both?.body ?? "").not.toContain("poison");
    expect((await ask("/after")).body).toBe("seen");
    expect(await seen()).toMatchObject([{ url: "/after" }]);
  });

  it("one that never answers is told of once its time, a setting, is over", async () => {
    const { client } = scripted.server;
    await client.settings.patch({ preview_answer_seconds: 0.2 });
    const { host } = new URL(origin);
    const upgrade = { host, cookie, origin };
    try {
      const answer = await ask("/never");
      expect([answer.status, answer.body]).toEqual([503, expect.stringContaining("within 0.2 seconds")]);
      const socket = new WebSocket(`${scripted.server.url.replace("http", "ws")}/never`, {
        headers: upgrade,
      });
      const status = await new Promise((resolve) =>
        socket
          .on("error", () => undefined)
          .once("unexpected-response", (_, refusal) => resolve(refusal.statusCode)),
      );
      expect(status).toBe(503);
      socket.terminate();
    } finally {
      await client.settings.patch({ preview_answer_seconds: 120 });
    }
    expect((await ask("/after")).body).toBe("seen");
    await expect.poll(seen).toContainEqual({ left: "/never" });
  });

  it("a request that is left while it has no answer is left inside too", async () => {
    const { host } = new URL(origin);
    const socket = connect(Number(new URL(scripted.server.url).port), "127.0.0.1");
    await new Promise((sent) =>
      socket.write(`GET /never HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n\r\n`, sent),
    );
    // it is inside before its sender goes: another one has passed behind it
    expect((await ask("/behind")).status).toBe(200);
    socket.destroy();
    await expect.poll(seen).toContainEqual({ left: "/never" });
  });

  it("a body reaches it as a body, whatever the method and however its end is told", async () => {
    const smuggled = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const chunked = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;
    const { host } = new URL(origin);
    const head = (method: string, ...lines: string[]): string =>
      [
        `${method} /told HTTP/1.1`,
        `Host: ${host}`,
        `Cookie: ${cookie}`,
        "Connection: close",
        ...lines,
        "",
        "",
      ].join("\r\n");
    const length = `Content-Length: ${smuggled.length}`;
    for (const method of ["GET", "DELETE", "POST", "OPTIONS"]) {
      expect(await raw(head(method, "Transfer-Encoding: chunked") + chunked)).toContain("200 OK");
      expect(await raw(head(method, length, "Connection: content-length") + smuggled)).toContain("200 OK");
      const told = { method, url: "/told", body: smuggled };
      expect(await seen()).toMatchObject([told, told]);
    }
    // two ends of one body are a bad request, and nothing of it passes
    for (const lines of [
      ["Transfer-Encoding: chunked", length],
      ["Transfer-Encoding: chunked, identity"],
      [length, "Content-Length: 3"],
    ])
      expect(await raw(head("POST", ...lines) + chunked), lines.join()).toContain("400 Bad Request");
    expect(await seen()).toEqual([]);
  });

  it("headers that concern one connection, or are too many, do not reach it", async () => {
    const named = {
      connection: "close, x-mine",
      "x-mine": "1",
      "keep-alive": "9",
      te: "trailers",
      upgrade: "h2c",
    };
    const spoofed = {
      "x-forwarded-host": "evil.test",
      "x-forwarded-for": "1.2.3.4",
      forwarded: "for=1.2.3.4",
    };
    await ask("/", { headers: { ...named, ...spoofed, "x-theirs": "1" } });
    const [request] = (await seen()) as { headers: Record<string, string> }[];
    expect(request?.headers).toMatchObject({ "x-theirs": "1", host: `localhost:${port}` });
    expect(JSON.stringify(request?.headers)).not.toMatch(/x-mine|evil|1\.2\.3\.4|trailers|h2c/);
    expect((await ask("/", { headers: { "x-huge": "x".repeat(20_000) } })).status).toBe(431);
    expect(await seen()).toEqual([]);
  });

  it("sets no cookie that reads as ours, clears nothing of ours; one beside ours keeps nobody out", async () => {
    const { headers } = await ask("/");
    expect(headers["set-cookie"]).toEqual(["fine=1; HttpOnly", "also=1"]);
    expect(headers["clear-site-data"]).toBeUndefined();
    const tossed = await ask("/", { headers: { cookie: `openhands_preview=evil; ${cookie}` } });
    expect(tossed.status).toBe(200);
  });

  it("an upgrade that it refuses is refused in its words, and cut where they break off", async () => {
    const { host } = new URL(origin);
    const upgrade =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    const answer = await raw(
      `GET /live HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n${upgrade}\r\n\r\n`,
    ).catch(String);
    expect(answer).not.toContain("openhands_x");
    const socket = new WebSocket(`${scripted.server.url.replace("http", "ws")}/live`, {
      headers: { host, cookie, origin },
    });
    const status = await new Promise((resolve) =>
      socket
        .on("error", () => undefined)
        .once("unexpected-response", (_, refusal) => resolve(refusal.statusCode)),
    );
    expect(status).toBe(404);
    socket.terminate();
  });
});
