/** Messages to an agent at work: after its turn, or now; kept, changed and taken out while they wait. */
import type { StoredEvent } from "@openhands/protocol";
import { call, hang, say, type ScriptedLlm } from "@openhands/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ConversationProbe, probeConversation, settled } from "./conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;
let llm: ScriptedLlm;
let id: string;
let probe: ConversationProbe;

const client = () => scripted.server.client;
const holds = (part: string) => (event: StoredEvent) => JSON.stringify(event).includes(part);
const request = (n: number): string => JSON.stringify(llm.requests[n]?.body.messages);

beforeEach(async () => {
  scripted = await startScriptedServer();
  ({ llm } = scripted);
  ({ id } = await client().conversations.create());
  probe = probeConversation(client(), id);
});

afterEach(async () => {
  probe[Symbol.dispose]();
  await scripted[Symbol.asyncDispose]();
});

const working = async (): Promise<void> => {
  await client().events.send(id, { content: "start", run: true });
  await probe.event((event) => event.kind === "ActionEvent");
};

it("a queued message is delivered after the turn, in order, each once", async () => {
  llm.push(
    call("terminal", { command: "sleep 1; echo slept" }),
    say("First turn."),
    say("Second."),
    say("Third."),
  );
  await working();
  const second = await client().events.send(id, { content: "then this", delivery: "queue" });
  expect(second.n).toBe(1);
  await client().events.send(id, { content: "and that", delivery: "queue" });
  expect((await client().queue.list(id)).map(({ n }) => n)).toEqual([1, 2]);
  await probe.event(holds("Third."));
  expect((await probe.state(settled)).execution_status).toBe("finished");
  expect(request(1)).not.toContain("then this");
  expect(request(2).match(/then this/g)).toHaveLength(1);
  expect(request(2)).not.toContain("and that");
  expect(request(3).match(/and that/g)).toHaveLength(1);
  expect(await client().queue.list(id)).toEqual([]);
});

it("a queued message can be changed and taken out, and outlives the server", async () => {
  llm.push(call("terminal", { command: "sleep 100" }));
  await working();
  await client().events.send(id, { content: "one", delivery: "queue" });
  await client().events.send(id, { content: "two", delivery: "queue" });
  await client().queue.change(id, 2, "two, but better");
  await expect(client().queue.change(id, 2, " ")).rejects.toMatchObject({ status: 422 });
  expect(await client().queue.get(id, 2)).toMatchObject({ n: 2, content: [{ text: "two, but better" }] });
  await client().queue.remove(id, 1);
  await expect(client().queue.remove(id, 1)).rejects.toMatchObject({ status: 404 });
  await scripted.restart();
  probe[Symbol.dispose]();
  probe = probeConversation(client(), id);
  expect(await client().queue.list(id)).toMatchObject([{ n: 2, content: [{ text: "two, but better" }] }]);
  llm.push(say("Where was I?"), say("Better it is."));
  await client().events.send(id, { content: "go on", run: true });
  await probe.event(holds("Better it is."));
  expect(request(2).match(/two, but better/g)).toHaveLength(1);
});

it("what is done to the line by several at once is all done", async () => {
  llm.push(call("terminal", { command: "sleep 100" }));
  await working();
  const texts = Array.from({ length: 10 }, (_, n) => `message ${n}`);
  for (const content of texts) await client().events.send(id, { content, delivery: "queue" });
  await Promise.all([
    ...[1, 3, 5, 7, 9].map((n) => client().queue.remove(id, n)),
    ...[2, 4].map((n) => client().queue.change(id, n, "changed")),
    ...["a", "b", "c"].map((content) => client().events.send(id, { content, delivery: "queue" })),
  ]);
  const waiting = await client().queue.list(id);
  expect(waiting.map(({ n }) => n)).toEqual([2, 4, 6, 8, 10, 11, 12, 13]);
  expect(JSON.stringify(waiting).match(/changed/g)).toHaveLength(2);
});

it("all that waits is taken out at once, and numbers are not used again", async () => {
  llm.push(call("terminal", { command: "sleep 100" }));
  await working();
  for (const content of ["one", "two"]) await client().events.send(id, { content, delivery: "queue" });
  await client().queue.removeAll(id);
  expect(await client().queue.list(id)).toEqual([]);
  await client().queue.removeAll(id);
  await expect(client().queue.get(id, 1)).rejects.toMatchObject({ status: 404 });
  expect((await client().events.send(id, { content: "three", delivery: "queue" })).n).toBe(3);
});

it("a message with interrupt is answered now", async () => {
  llm.push(hang("Thinking about it"), say("Yes?"));
  await client().events.send(id, { content: "start", run: true });
  await probe.transient((event) => event.kind === "StreamingDeltaEvent");
  await client().events.send(id, { content: "stop that", delivery: "interrupt" });
  await probe.event(holds("Yes?"));
  expect(await llm.requests[0]?.ended).toBe("closed by client");
  expect(request(1)).toContain("stop that");
});
