/** Calls as strangers and V1's clients make them: each is answered properly, and never with what was sent. */
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { call, say } from "@openhands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;

beforeAll(async () => {
  scripted = await startScriptedServer();
});

afterAll(async () => {
  await scripted[Symbol.asyncDispose]();
});

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly key?: boolean;
}

/** Node's own client: unlike `fetch` it sends a body with any method. */
async function ask(path: string, { method = "GET", body, key = true }: Call = {}) {
  const content = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(key ? { "x-session-api-key": scripted.server.key } : {}),
    ...(content === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(content) }),
  };
  const sent = request(`${scripted.server.url}${path}`, { method, headers }).end(content);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve).once("error", reject);
  });
  return { status: answer.statusCode, type: answer.headers["content-type"], text: await text(answer) };
}

const create = async (body: unknown = {}): Promise<Record<string, unknown> & { readonly id: string }> =>
  JSON.parse((await ask("/api/conversations", { method: "POST", body })).text) as { id: string };

/** Resolves when the run that its first message started has ended. */
async function ended(id: string): Promise<void> {
  using probe = probeConversation(scripted.server.client, id);
  await probe.state(settled);
}

const finalResponse = async (id: string): Promise<unknown> =>
  JSON.parse((await ask(`/api/conversations/${id}/agent_final_response`)).text);

describe("what there is not", () => {
  it.each([
    ["OPTIONS", "/health"],
    ["POST", "/health"],
    ["PUT", "/metrics"],
    ["DELETE", "/api/conversations"],
    ["GET", "/api/nothing"],
    ["GET", "/conversations/0123456789abcdef0123456789abcdef/ports/99999/"],
    ["GET", "/assets/nothing.js"],
    ["GET", "/favicon.ico"],
  ])("%s %s is answered 404 as every error is", async (method, path) => {
    const answer = await ask(path, { method });
    expect(answer).toMatchObject({ status: 404, type: expect.stringContaining("application/json") });
    expect(JSON.parse(answer.text)).toEqual({ detail: expect.any(String), code: "not_found" });
  });
});

it("the address of a socket, called without an upgrade, asks for access first and is no page", async () => {
  const { id } = await create();
  expect((await ask(`/sockets/events/${id}`, { key: false })).status).toBe(401);
  const answer = await ask(`/sockets/events/${id}`);
  expect({ status: answer.status, body: JSON.parse(answer.text) }).toMatchObject({
    status: 400,
    body: { code: "bad_request", detail: expect.stringContaining("WebSocket") },
  });
});

describe("a batch of events", () => {
  it("is asked for by a query or, as in V1, by the body of a GET", async () => {
    const { id } = await create({ initial_message: { content: "hello" } });
    const path = `/api/conversations/${id}/events`;
    const page = JSON.parse((await ask(`${path}/search?kind=MessageEvent`)).text) as {
      items: { id: string }[];
    };
    const [event] = page.items;
    const expected = [event, null];
    expect(JSON.parse((await ask(`${path}?ids=${event?.id}&ids=nothing`)).text)).toEqual(expected);
    expect(JSON.parse((await ask(path, { body: [event?.id, "nothing"] })).text)).toEqual(expected);
    for (const body of [undefined, { ids: [] }, 7, Array.from({ length: 101 }, () => "x")])
      expect(await ask(path, { body })).toMatchObject({ status: 422 });
  });
});

it("the filter `body` of events goes by what is said and done, not by names of fields", async () => {
  scripted.llm.push(call("terminal", { command: "echo a kingfisher" }), say("Two finches."));
  const { id } = await create({ initial_message: { content: "a wagtail", run: true } });
  const count = async (query: string): Promise<number> =>
    JSON.parse((await ask(`/api/conversations/${id}/events/count?${query}`)).text) as number;
  await ended(id);
  expect(await count("body=finches")).toBe(1);
  expect(await count("body=WAGTAIL")).toBe(1);
  expect(await count("body=kingfisher")).toBe(2);
  expect(await count("body=wagtail&source=agent")).toBe(0);
  expect(await count("body=environment")).toBe(0);
  expect(await count("body=llm_message")).toBe(0);
});

it("the final response is what the agent finished with, also where that is no message", async () => {
  scripted.llm.push(call("finish", { message: "It is a heron." }));
  const { id } = await create({ initial_message: { content: "which bird?", run: true } });
  await ended(id);
  expect(await finalResponse(id)).toEqual({ response: "It is a heron." });
});

describe("settings", () => {
  it("leave out what is not known: a key in it must not get into a file, nor out again", async () => {
    const body = { language: "de", agent_settings_diff: { llm: { api_key: "sk-canary-0123456789" } } };
    const patched = await ask("/api/settings", { method: "PATCH", body });
    expect(JSON.parse(patched.text)).toMatchObject({ language: "de" });
    expect(patched.text + (await ask("/api/settings")).text).not.toContain("canary");
  });

  it("keep the key where a change names none, and never tell it", async () => {
    const patch = async (body: object) => await ask("/api/settings", { method: "PATCH", body });
    const key = "sk-canary-9876543210";
    const answers = [
      await patch({ llm_api_key: key }),
      await patch({ language: "fr" }),
      await ask("/api/settings"),
    ];
    for (const { status, text: told } of answers) {
      expect(status).toBe(200);
      expect(JSON.parse(told)).toMatchObject({ llm_api_key_set: true });
      expect(told).not.toContain("canary");
    }
  });

  it("keep MCP servers as they are", async () => {
    const mcp = { mcpServers: { one: { command: "one", args: ["two"] } } };
    const patched = await ask("/api/settings", { method: "PATCH", body: { mcp_config: mcp } });
    expect(JSON.parse(patched.text)).toMatchObject({ mcp_config: mcp });
  });
});

it.each(["/api/secrets/1ST", "/api/secrets/WITH-DASH", `/api/settings/secrets/${"A".repeat(129)}`])(
  "a secret's name that does not fit is refused as what it is: %s",
  async (path) => {
    const answer = await ask(path, { method: "PUT", body: { value: "long enough" } });
    expect(JSON.parse(answer.text)).toMatchObject({
      code: "invalid",
      detail: expect.stringContaining("name"),
    });
  },
);

describe("a conversation that is asked for", () => {
  it.each([
    { workspace: { working_dir: "/etc/canary" } },
    { workspace: { working_dir: "canary" } },
    { workspace: { working_dir: "/workspace/../etc" } },
    { workspace: { working_dir: "/nowhere/canary" } },
    { initial_message: { content: " " } },
    { initial_message: { content: [] } },
    { initial_message: { content: [{ type: "image", image_urls: [] }] } },
    { agent: { llm: { model: "openai/scripted", base_url: "canary" } } },
    { title: ["canary"] },
    { tags: { canary: ["canary"] } },
    { confirmation_policy: { kind: "canary" } },
    { conversation_id: "canary" },
    { secrets: { "a canary": "A_NAME" } },
    { tags: { "A canary": "x" } },
    { sandbox: { network: "canary" } },
  ])("is not made of %j, and no value comes back", async (body) => {
    const answer = await ask("/api/conversations", { method: "POST", body });
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.text)).toMatchObject({ code: "invalid" });
    expect(answer.text.replace("tags.canary", "")).not.toContain("canary");
  });

  it.each(["/workspace", "/workspace/", "/workspace/project", "/workspace/a/../b"])(
    "has a fresh workspace where it names %s",
    async (folder) => {
      const { workspace } = await create({ workspace: { type: "local", working_dir: folder } });
      expect(workspace).toEqual({ kind: "LocalWorkspace", working_dir: "/workspace" });
    },
  );

  it("is asked at the usual address where V1's clients name none", async () => {
    scripted.llm.push(say("Here."));
    const agent = { kind: "Agent", llm: { model: "openai/scripted", base_url: "", api_key: "" } };
    const { id } = await create({ agent, initial_message: { content: "where?", run: true } });
    await ended(id);
    expect(await finalResponse(id)).toEqual({ response: "Here." });
  });

  it("tells V1's clients where it is kept, and gives them its archive under their name", async () => {
    const made = await create();
    expect(made["persistence_dir"]).toBe(`${scripted.home.path}/conversations/${made.id}`);
    const archive = await ask(`/api/file/download-trajectory/${made.id}`);
    expect(archive).toMatchObject({ status: 200, type: "application/zip" });
    expect(archive.text.slice(0, 2)).toBe("PK");
  });
});
