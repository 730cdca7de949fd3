import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { httpFetch } from "./http-fetch.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (response: ServerResponse, body: string) => void): Promise<string> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (text: string) => (body += text));
    request.on("end", () => answer(response, body));
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test("carries method, headers and body there, and status, headers and body back", async () => {
  const url = await serve((response, body) => {
    const { method, headers } = response.req;
    response.writeHead(418, { "x-one": ["a", "b"], "content-type": "application/json" });
    response.end(JSON.stringify({ method, body, key: headers["x-key"] }));
  });
  const response = await httpFetch(url, { method: "POST", headers: { "X-Key": "k" }, body: "größer" });
  expect(response.status).toBe(418);
  expect(response.headers.get("x-one")).toBe("a, b");
  expect(await response.json()).toEqual({ method: "POST", body: "größer", key: "k" });
});

test("a body larger than every buffer comes whole", async () => {
  const block = "0123456789abcdef".repeat(64 * 1024);
  const url = await serve((response) => {
    for (let count = 0; count < 8; count += 1) response.write(block);
    response.end();
  });
  expect((await (await httpFetch(url)).text()).length).toBe(8 * block.length);
});

test("a response without a body is one", async () => {
  const url = await serve((response) => response.writeHead(204).end());
  const response = await httpFetch(url);
  expect(response.status).toBe(204);
  expect(response.body).toBeNull();
});

test("a kept connection that the server has closed is replaced without a word", async () => {
  const served = new Map<unknown, number>();
  const url = await serve((response, body) => {
    const count = (served.get(response.socket) ?? 0) + 1;
    served.set(response.socket, count);
    if (count === 1) response.end(body);
    else response.socket?.resetAndDestroy();
  });
  for (const body of ["first", "second"]) {
    expect(await (await httpFetch(url, { method: "POST", body })).text()).toBe(body);
  }
  expect([...served.values()]).toEqual([2, 1]);
});

test("a server that resets every connection is a failure", async () => {
  const url = await serve((response) => response.socket?.resetAndDestroy());
  await expect(httpFetch(url)).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("a reset within the body fails the reading", async () => {
  const url = await serve((response) => {
    response.write("half", () => response.socket?.resetAndDestroy());
  });
  await expect(httpFetch(url).then((response) => response.text())).rejects.toThrow();
});

test("a cancelled body closes the socket", async () => {
  const closed = Promise.withResolvers<boolean>();
  const url = await serve((response) => {
    response.on("close", () => closed.resolve(response.writableFinished));
    response.write("and then");
  });
  const response = await httpFetch(url);
  await response.body?.cancel();
  expect(await closed.promise).toBe(false);
});
