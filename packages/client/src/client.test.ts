import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { createClient } from "./client.ts";

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => new Promise<unknown>((resolve) => server.close(resolve))),
  );
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that gives `body` to every call and keeps what it was asked. */
async function answering(status: number, body: string) {
  const calls: { method: string; url: string; key: unknown; body: string }[] = [];
  const url = await serve((request, response) => {
    const { method = "", url = "", headers } = request;
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      calls.push({ method, url, key: headers["x-session-api-key"], body: text });
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    });
  });
  return { url, calls };
}

async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw new Error("the call did not fail with an ApiError", { cause: error });
}

const id = "0123456789abcdef0123456789abcdef";

test("a message goes out as JSON with the key, and the acceptance comes back", async () => {
  const { url, calls } = await answering(200, JSON.stringify({ success: true, event_id: "e", seq: 7 }));
  const client = createClient({ baseUrl: `${url}/`, sessionApiKey: "secret" });
  const accepted = await client.events.send(id, { role: "user", content: "hi", run: true });
  expect(accepted.seq).toBe(7);
  expect(calls).toEqual([
    {
      method: "POST",
      url: `/api/conversations/${id}/events`,
      key: "secret",
      body: JSON.stringify({ role: "user", content: "hi", run: true }),
    },
  ]);
});

test("queries carry what is given and nothing else", async () => {
  const { url, calls } = await answering(200, JSON.stringify({ items: [], next_page_id: null }));
  await createClient({ baseUrl: url }).events.search(id, { before_seq: 3, sort_order: "TIMESTAMP_DESC" });
  expect(calls[0]?.url).toBe(`/api/conversations/${id}/events/search?before_seq=3&sort_order=TIMESTAMP_DESC`);
});

test("events of a page are checked one by one", async () => {
  const base = { id: "e", timestamp: "t", source: "agent" };
  const items = [
    { ...base, seq: 0, kind: "PauseEvent" },
    { ...base, seq: 1, kind: "ActionEvent" },
    { ...base, seq: 2, kind: "NewKind" },
  ];
  const { url } = await answering(200, JSON.stringify({ items, next_page_id: null }));
  const page = await createClient({ baseUrl: url }).events.search(id);
  expect(page.items.map((event) => event.kind)).toEqual(["PauseEvent", "UnreadableActionEvent", "NewKind"]);
});

test("an answer without a body signs in", async () => {
  const { url } = await answering(204, "");
  await expect(createClient({ baseUrl: url }).signIn("code")).resolves.toBeUndefined();
});

test("the final response is a plain text", async () => {
  const { url } = await answering(200, JSON.stringify({ response: "done" }));
  await expect(createClient({ baseUrl: url }).finalResponse(id)).resolves.toBe("done");
});

test("an error body becomes status, code and detail", async () => {
  const { url } = await answering(409, JSON.stringify({ code: "wrong_state", detail: "It is running." }));
  const error = await failureOf(createClient({ baseUrl: url }).run(id));
  expect(error).toMatchObject({
    status: 409,
    code: "wrong_state",
    detail: "It is running.",
    isAccess: false,
  });
});

test("401 is told apart", async () => {
  const { url } = await answering(401, JSON.stringify({ code: "access", detail: "Sign in." }));
  expect((await failureOf(createClient({ baseUrl: url }).settings.get())).isAccess).toBe(true);
});

test("a failing answer of another make still gives a sentence with its status", async () => {
  const { url } = await answering(502, "<html>");
  const error = await failureOf(createClient({ baseUrl: url }).system.get());
  expect(error.status).toBe(502);
  expect(error.detail).toContain("502");
});

test("an answer that does not fit the schema is an error, not a wrong value", async () => {
  const { url } = await answering(200, JSON.stringify({ id: "no" }));
  expect((await failureOf(createClient({ baseUrl: url }).conversations.get(id))).code).toBe(
    "unreadable_answer",
  );
});

test("a server that is not there is a network error that names the address", async () => {
  const { url } = await answering(200, "{}");
  const server = servers.pop();
  await new Promise<unknown>((resolve) => server?.close(resolve));
  const error = await failureOf(createClient({ baseUrl: url }).system.get());
  expect(error).toMatchObject({ status: 0, code: "network" });
  expect(error.detail).toContain(url);
});

test("an answer that breaks off is a network error", async () => {
  const url = await serve((request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("{", () => request.socket.destroy());
  });
  expect(await failureOf(createClient({ baseUrl: url }).system.get())).toMatchObject({ code: "network" });
});

test("an abort rejects with its own reason", async () => {
  const { url } = await answering(200, "{}");
  const reason = new Error("left");
  const call = createClient({ baseUrl: url }).conversations.get(id, AbortSignal.abort(reason));
  await expect(call).rejects.toBe(reason);
});
