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

it("a message with interrupt is answered now", async () => {
  llm.push(hang("Thinking about it"), say("Yes?"));
  await client().events.send(id, { content: "start", run: true });
  await probe.transient((event) => event.kind === "StreamingDeltaEvent");
  await client().events.send(id, { content: "stop that", delivery: "interrupt" });
  await probe.event(holds("Yes?"));
  expect(await llm.requests[0]?.ended).toBe("closed by client");
  expect(request(1)).toContain("stop that");
});
