/** Clients that are hasty, broken or ill-meaning: the server answers with a sentence and goes on. */
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { say, type ScriptedLlm, temporaryHome } from "@openhands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { probeConversation } from "./conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

let scripted: ScriptedServer;
let llm: ScriptedLlm;
let server: ServerProcess;

beforeAll(async () => {
  scripted = await startScriptedServer();
  ({ llm, server } = scripted);
});

afterAll(async () => {
  await scripted[Symbol.asyncDispose]();
});

/** Sends bytes as they are. @returns the first line of the answer */
async function raw(...lines: string[]): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  try {
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    const data = await new Promise<Buffer>((resolve, reject) => {
      socket.once("data", resolve).once("error", reject);
    });
    return data.toString().split("\r\n", 1)[0] ?? "";
  } finally {
    socket.destroy();
  }
}

const upgrade = (path: string): string[] => [
  `GET ${path} HTTP/1.1`,
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

describe("an upgrade", () => {
  it("whose connection is reset in the middle does not end the server", async () => {
    for (let count = 0; count < 100; count += 1) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => {
          socket.write(`${upgrade("/sockets/nothing").join("\r\n")}\r\n\r\n`, () => {
            socket.resetAndDestroy();
            resolve();
          });
        });
      });
    }
    await expect(server.client.system.get()).resolves.toBeDefined();
  });

  it("to what is no address is answered as unknown", async () => {
    expect(await raw(...upgrade("//["))).toContain("404");
  });

  it("to HTTP/2, as some programs offer it with every call, is passed over", async () => {
    const offered = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQ"];
    expect(await raw("GET /health HTTP/1.1", "Host: localhost", ...offered)).toContain("200");
  });
});

describe("a message", () => {
  it("with an image that no model could be shown is refused, and nothing of it is kept", async () => {
    const { id } = await server.client.conversations.create();
    const content = [{ type: "image" as const, image_urls: ["no url"] }];
    await expect(server.client.events.send(id, { content })).rejects.toMatchObject({ status: 422 });
    expect((await server.client.events.search(id, { kind: "MessageEvent" })).items).toEqual([]);
  });
});

describe("a workspace", () => {
  it("that holds the engine's socket is refused: whoever has it owns the machine", async () => {
    await using other = await temporaryHome();
    await using folder = await temporaryHome();
    const path = join(folder.path, "engine.sock");
    const engine = createServer((socket) => socket.destroy()).listen(path);
    const env = { DOCKER_HOST: `unix://${path}` };
    await using guarded = await startServerProcess({ home: other.path, runtime: "bubblewrap", env });
    const headers = { "x-session-api-key": guarded.key, "content-type": "application/json" };
    const body = JSON.stringify({ workspace: { working_dir: folder.path } });
    const { status } = await fetch(`${guarded.url}/api/conversations`, { method: "POST", headers, body });
    engine.close();
    expect(status).toBe(422);
  });
});

describe("a body", () => {
  /** On a connection of its own: what is refused unread may end it. */
  const post = async (chunks: readonly string[], headers: Record<string, string> = {}): Promise<number> =>
    await new Promise((resolve, reject) => {
      const call = request(`${server.url}/api/conversations`, {
        method: "POST",
        agent: false,
        headers: { "x-session-api-key": server.key, "content-type": "application/json", ...headers },
      });
      call.on("response", (response) => resolve(response.statusCode ?? 0)).on("error", reject);
      for (const chunk of chunks) call.write(chunk);
      call.end();
    });

  it("that is no JSON, or says that it is none, is told so", async () => {
    expect(await post(["{"])).toBe(422);
    expect(await post(["{}"], { "content-type": "text/plain" })).toBe(422);
    expect(await post(["a=b"], { "content-type": "application/x-www-form-urlencoded" })).toBe(422);
  });

  it("whose length is not told is taken as any other", async () => {
    expect(await post(['{"title":', '"In pieces"}'])).toBe(201);
  });

  it("that is too large is refused, whether it says its length or not", async () => {
    const half = "x".repeat(17 * 1024 * 1024);
    expect(await post([half, half])).toBe(413);
    expect(await post([], { "content-length": String(2 * half.length) })).toBe(413);
  });
});

describe("a path", () => {
  it("that can't be decoded is no file", async () => {
    const { status } = await fetch(`${server.url}/%ff`);
    expect(status).not.toBe(500);
  });
});

describe("calls at the same time", () => {
  it("that change different settings all count", async () => {
    const { settings } = server.client;
    const changes = [{ max_iterations: 77 }, { llm_attempts: 3 }, { language: "de" }];
    await Promise.all(changes.map(async (change) => await settings.patch(change)));
    expect(await settings.get()).toMatchObject(Object.assign({}, ...changes) as object);
  });

  it("that read a conversation while it is deleted have it, or are told that it is gone", async () => {
    const headers = { "x-session-api-key": server.key };
    for (let round = 0; round < 10; round += 1) {
      const { id } = await server.client.conversations.create();
      const read = async (path: string): Promise<number> =>
        (await fetch(`${server.url}/api/conversations/${id}${path}`, { headers })).status;
      const reads = ["", "/events/search", "/events/count", "/agent_final_response", "/queue"].map(read);
      await server.client.conversations.remove(id);
      for (const status of await Promise.all(reads))
        expect([200, 404, 409], server.log().slice(-1500)).toContain(status);
    }
  });

  it("that create the same conversation make one, with one run", async () => {
    llm.push(say("Once."));
    const body = { conversation_id: crypto.randomUUID(), initial_message: { content: "go", run: true } };
    const headers = { "x-session-api-key": server.key, "content-type": "application/json" };
    const create = async (): Promise<Response> =>
      await fetch(`${server.url}/api/conversations`, { method: "POST", headers, body: JSON.stringify(body) });
    const made = await Promise.all([create(), create(), create()]);
    expect(made.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 201]);
    using probe = probeConversation(server.client, body.conversation_id);
    await probe.state((info) => info.execution_status === "finished");
    expect(probe.events.filter((event) => event.kind === "MessageEvent")).toHaveLength(2);
  });
});

describe("a frame", () => {
  it("that comes right behind the key is kept", async () => {
    llm.push(say("Heard."));
    const { id } = await server.client.conversations.create();
    using probe = probeConversation(server.client, id);
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/sockets/events/${id}`);
    const opened = new Promise((resolve) => socket.once("open", resolve));
    await opened;
    // One write, so that both are there at once. The library has no public way to hold its frames back.
    const writer = (socket as unknown as { _socket: { cork(): void; uncork(): void } })._socket;
    writer.cork();
    socket.send(JSON.stringify({ type: "auth", session_api_key: server.key }));
    socket.send(JSON.stringify({ content: "right behind" }));
    writer.uncork();
    await probe.event((event) => JSON.stringify(event).includes("Heard."));
    expect(JSON.stringify(probe.events)).toContain("right behind");
    socket.terminate();
  });
});
