/** SIGTERM: no new work, a running step may end, sockets are told to come back, nothing is lost. */
import { once } from "node:events";
import { call, say } from "@openhands/testing";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { probeConversation } from "./conversation-probe.ts";
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

it("a second SIGTERM ends at once, with 0, and the next server closes what was open", async () => {
  await using scripted = await startScriptedServer();
  const id = await running(scripted, "sleep 300");
  const { server } = scripted;
  const first = server.stop();
  process.kill(server.pid, "SIGTERM");
  expect(await first).toBe(0);
  await scripted.restart();
  const { client } = scripted.server;
  expect(await client.conversations.get(id)).toMatchObject({ execution_status: "paused" });
  const { items } = await client.events.search(id, { kind: "AgentErrorEvent" });
  expect(items).toHaveLength(1);
});
