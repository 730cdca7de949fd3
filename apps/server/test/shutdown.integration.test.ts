/** SIGTERM: no new work, a running step may end, sockets are told to come back, nothing is lost. */
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { call, say } from "@openhands/testing";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { agentRuns } from "./agent-runs.ts";
import { probeConversation } from "./conversation-probe.ts";
import { echoServer } from "./echo-server.ts";
import { enterThrough } from "./preview-client.ts";
import { startScriptedServer } from "./scripted-server.ts";

/** A conversation whose agent runs `command`, which has said that it runs. */
async function running({ llm, server }: Awaited<ReturnType<typeof startScriptedServer>>, command: string) {
  llm.push(call("terminal", { command: `echo begun; ${command}` }));
  const { id } = await server.client.conversations.create({ initial_message: { content: "go", run: true } });
  using probe = probeConversation(server.client, id);
  await probe.transient((frame) => frame.kind === "ToolOutputDeltaEvent" && frame.content.includes("begun"));
  return id;
}

it("a step that ends soon is on disk with its result, and the run waits, paused, for the next server", async () => {
  await using scripted = await startScriptedServer();
  const id = await running(scripted, "sleep 0.7; echo ended");
  const { url, key } = scripted.server;
  const address = `${url.replace("http", "ws")}/sockets/events/${id}`;
  const socket = new WebSocket(address, { headers: { "x-session-api-key": key } });
  await once(socket, "message");
  const closed = once(socket, "close");
  expect(await scripted.server.stop()).toBe(0);
  expect((await closed)[0]).toBe(1012);
  await scripted.restart();
  const { client } = scripted.server;
  const { items } = await client.events.search(id, { limit: 100 });
  const observation = items.find(({ kind }) => kind === "ObservationEvent");
  expect(JSON.stringify(observation)).toContain("ended");
  expect(items.map(({ kind }) => kind)).not.toContain("PauseEvent");
  expect(await client.conversations.get(id)).toMatchObject({ execution_status: "paused" });
  scripted.llm.push(say("Where I was."));
  using probe = probeConversation(client, id);
  await client.run(id);
  await probe.event((event) => JSON.stringify(event).includes("Where I was."));
});

it("a step that does not end is ended; until then every call is told that the server stops", async () => {
  await using scripted = await startScriptedServer({ env: { LOG_LEVEL: "info" } });
  const id = await running(scripted, "sleep 300");
  const { url, key, client } = scripted.server;
  const closed = Promise.all(
    ["events", "terminal"].map(async (noun) => {
      const headers = { "x-session-api-key": key };
      const socket = new WebSocket(`${url.replace("http", "ws")}/sockets/${noun}/${id}`, { headers });
      await once(socket, "message");
      return async () => ((await once(socket, "close")) as [number])[0];
    }),
  );
  const codes = (await closed).map(async (code) => await code());
  const stopped = scripted.server.stop();
  expect(await Promise.all(codes)).toEqual([1012, 1012]);
  const headers = { "x-session-api-key": key, "content-type": "application/json" };
  const calls = [
    fetch(`${url}/ready`),
    fetch(`${url}/api/conversations`, { method: "POST", headers, body: "{}" }),
    fetch(`${url}/api/conversations/${id}`, { headers }),
  ];
  for (const answer of await Promise.all(calls)) {
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: "unavailable" }]);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  await expect(client.conversations.create()).rejects.toMatchObject({ status: 503 });
  expect(await stopped).toBe(0);
  expect(scripted.server.log()).toMatch(/"msg":"stopped in order"\}\n$/);
  expect(await readdir(scripted.home.path)).not.toContain("server.json");
  await scripted.restart();
  const { items } = await scripted.server.client.events.search(id, { limit: 100 });
  // the action, and its one end
  const ofCall = items.filter((event) => "tool_call_id" in event).map(({ kind }) => kind);
  expect(ofCall).toEqual(["ActionEvent", "AgentErrorEvent"]);
  expect(await scripted.server.client.conversations.get(id)).toMatchObject({ execution_status: "paused" });
});

it("a socket through a preview is told to come back, as ours are", async () => {
  await using scripted = await startScriptedServer();
  const { server } = scripted;
  const { id } = await server.client.conversations.create();
  await server.client.files.write(id, "echo.cjs", echoServer);
  using probe = probeConversation(server.client, id);
  await agentRuns(scripted, id, "node echo.cjs 4100 >/dev/null 2>&1 &");
  await probe.state(({ sandbox }) => sandbox?.ports?.includes(4100) === true);
  const { origin, cookie } = await enterThrough(server.url, (await server.client.ports.open(id, 4100)).url);
  const headers = { host: new URL(origin).host, cookie, origin };
  const socket = new WebSocket(server.url.replace("http", "ws"), { headers });
  await once(socket, "message");
  const closed = once(socket, "close");
  expect(await server.stop()).toBe(0);
  expect((await closed)[0]).toBe(1012);
});

it("a terminal that goes away stops it in order, too", async () => {
  await using scripted = await startScriptedServer({ env: { LOG_LEVEL: "info" } });
  const { server } = scripted;
  process.kill(server.pid, "SIGHUP");
  await expect.poll(() => server.log(), { timeout: 60_000 }).toContain("stopped in order");
  expect(await server.stop()).toBe(0);
  expect(await readdir(scripted.home.path)).not.toContain("server.json");
});

it("a second SIGTERM ends at once, with 0, and the next server closes what was open", async () => {
  await using scripted = await startScriptedServer({ env: { LOG_LEVEL: "info" } });
  const id = await running(scripted, "sleep 300");
  const { server } = scripted;
  const { url, key } = server;
  const socket = new WebSocket(`${url.replace("http", "ws")}/sockets/events/${id}?session_api_key=${key}`);
  await once(socket, "message");
  const stopped = server.stop();
  // it has begun to stop, and waits for the step
  await once(socket, "close");
  // told until it goes: those that come with the first count as one with it
  const again = setInterval(() => void server.stop(), 20);
  expect(await stopped).toBe(0);
  clearInterval(again);
  // what a stop in order does at its end was not done
  expect(server.log()).not.toContain("stopped in order");
  expect(await readdir(scripted.home.path)).toContain("server.json");
  await scripted.restart();
  const { client } = scripted.server;
  expect(await client.conversations.get(id)).toMatchObject({ execution_status: "paused" });
  const { items } = await client.events.search(id, { kind: "AgentErrorEvent" });
  expect(items).toHaveLength(1);
});
