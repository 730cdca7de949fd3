/** A conversation longer than its model can read, and one that is told in short because the person wishes it. */
import type { StoredEvent } from "@openhands/protocol";
import {
  answer,
  call,
  empty,
  historyFault,
  type Responder,
  say,
  type ScriptedRequest,
  strictWindow,
} from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startScriptedServer } from "./scripted-server.ts";

const window = 24_000;
const asksForSummary = (request: ScriptedRequest): boolean => (request.body.tools ?? []).length === 0;
const kinds = (events: readonly StoredEvent[], kind: string): StoredEvent[] =>
  events.filter((event) => event.kind === kind);

/** Counts to so many, a long output each time, and begins anew with each message of the person. */
const counter = (turns: number): Responder => {
  let turn = 0;
  return (request) => {
    if (asksForSummary(request)) return say("Done: counted. Open: count on.");
    if (turn === turns) {
      turn = 0;
      return say("Counted.");
    }
    turn += 1;
    return call("terminal", { command: `seq -f 'line %g of output' ${turn} ${turn + 1200}` });
  };
};

it("goes on through condensations, a restart and more of them, and its log is never touched", async () => {
  await using scripted = await startScriptedServer({ responder: strictWindow(window, counter(8)) });
  const own = { llm_models: { "openai/scripted": { context_window: window } } };
  await scripted.server.client.settings.patch(own);
  const { id } = await scripted.server.client.conversations.create({
    initial_message: { content: "Count.", run: true },
  });
  let before: StoredEvent[];
  {
    using probe = probeConversation(scripted.server.client, id);
    expect((await probe.state(settled)).execution_status).toBe("finished");
    expect(kinds(probe.events, "Condensation")).not.toEqual([]);
    before = [...probe.events];
  }
  await scripted.restart();
  const { client } = scripted.server;
  using probe = probeConversation(client, id);
  await client.events.send(id, { content: "Count once more.", run: true });
  await probe.state((info) => info.execution_status === "finished" && info.last_seq > before.length);
  expect(probe.events.slice(0, before.length)).toEqual(before);
  expect(kinds(probe.events, "Condensation").length).toBeGreaterThan(kinds(before, "Condensation").length);
  expect(kinds(probe.events, "ObservationEvent")).toHaveLength(16);
  const faults = scripted.llm.requests.map(({ body }) => historyFault(body.messages));
  expect(faults.filter((fault) => fault !== null)).toEqual([]);
});

it("is condensed when the person wishes it, idle or at work, or told that there is nothing to condense", async () => {
  await using scripted = await startScriptedServer({ responder: counter(3) });
  const { client } = scripted.server;
  const { id } = await client.conversations.create({});
  using probe = probeConversation(client, id);
  expect(await client.condense(id)).toMatchObject({ success: true, condensed: false });
  expect(scripted.llm.requests).toHaveLength(0);
  await client.events.send(id, { content: "Count.", run: true });
  await probe.event((event) => event.kind === "ActionEvent");
  expect((await client.condense(id)).detail).toContain("before it asks the model again");
  expect((await probe.state(settled)).execution_status).toBe("finished");
  const requested = await client.condense(id);
  expect(requested).toMatchObject({ success: true, condensed: true });
  const info = await client.conversations.get(id);
  expect(info).toMatchObject({ execution_status: "finished", notice: null });
  expect(info.stats.usage_to_metrics["condenser"]?.calls).toBe(
    scripted.llm.requests.filter(asksForSummary).length,
  );
  await client.events.send(id, { content: "Well?", run: true });
  await probe.state(({ last_seq }) => last_seq > info.last_seq + 8);
  expect(JSON.stringify(scripted.llm.requests.at(-1)?.body)).toContain("Open: count on.");
});

it("a message while it condenses is on disk at once, and answered when that is done", async () => {
  const summary = Promise.withResolvers<void>();
  const count = counter(3);
  const responder: Responder = async (request) => {
    if (asksForSummary(request)) await summary.promise;
    return await count(request);
  };
  await using scripted = await startScriptedServer({ responder });
  const { client } = scripted.server;
  const { id } = await client.conversations.create({ initial_message: { content: "Count.", run: true } });
  using probe = probeConversation(client, id);
  await probe.state(settled);
  const asked = scripted.llm.requests.length;
  const condensing = client.condense(id);
  await scripted.llm.waitForRequest(asked + 1);
  const { seq } = await client.events.send(id, { content: "And now?", run: true });
  expect((await client.events.search(id, { after_seq: seq - 1 })).items).toMatchObject([
    { seq, kind: "MessageEvent" },
  ]);
  expect(scripted.llm.requests).toHaveLength(asked + 1);
  summary.resolve();
  expect((await condensing).condensed).toBe(true);
  await scripted.llm.waitForRequest(asked + 2);
  expect(scripted.llm.requests[asked + 1]?.text).toContain("And now?");
  await probe.state(
    ({ execution_status, last_seq }) => execution_status === "finished" && last_seq > seq + 2,
  );
});

it("an answer that is no use is told to the model; what is cut off may go on", async () => {
  await using scripted = await startScriptedServer();
  const { client } = scripted.server;
  await client.settings.patch({ llm_attempts: 1 });
  scripted.llm.push(
    empty(),
    empty(),
    answer({ text: "The first half", finishReason: "length" }),
    say("and the second."),
  );
  const { id } = await client.conversations.create({ initial_message: { content: "Say it.", run: true } });
  using probe = probeConversation(client, id);
  expect((await probe.state(settled)).execution_status).toBe("error");
  const told = scripted.llm.requests.map(({ text }) => text.split("was empty").length - 1);
  expect(told).toEqual([0, 1, 2]);
  await client.events.send(id, { content: "Go on.", run: true });
  await probe.event((event) => JSON.stringify(event).includes("and the second."));
  expect((await probe.state(settled)).execution_status).toBe("finished");
});
