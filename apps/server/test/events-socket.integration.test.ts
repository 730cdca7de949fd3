/** The events socket under what networks and readers do to it: each event once and in order, whatever happens. */
import { once } from "node:events";
import { type Client, createClient, followEvents } from "@openhands/client";
import type { StoredEvent } from "@openhands/protocol";
import { call, say, type ScriptedLlm, slow, startScriptedLlm } from "@openhands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";
import type { ServerProcess } from "./server-process.ts";

/** Each step is an action, its observation and the sums of the model call. */
const steps = 170;
const cuts = 50;

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

async function wholeLog(client: Client, id: string, afterSeq = -1): Promise<StoredEvent[]> {
  const { items } = await client.events.search(id, { after_seq: afterSeq });
  const last = items.at(-1);
  return last === undefined ? [] : [...items, ...(await wholeLog(client, id, last.seq))];
}

function connectTo(id: string, query: string): WebSocket {
  const address = `${server.url.replace("http", "ws")}/sockets/events/${id}?${query}`;
  return new WebSocket(address, { headers: { "x-session-api-key": server.key } });
}

/** Seqs of the stored events that it sends, until `last` came. */
async function seqsUntil(socket: WebSocket, last: number): Promise<number[]> {
  const seqs: number[] = [];
  return await new Promise((resolve, reject) => {
    socket.on("message", (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { seq?: number };
      if (frame.seq !== undefined) seqs.push(frame.seq);
      if (frame.seq === last) resolve(seqs);
    });
    socket.on("close", (code) => reject(new Error(`closed with ${code} after ${seqs.length} events`)));
  });
}

describe("a run of 500 events", () => {
  it("is told once and in order through 50 cuts at random moments", async () => {
    const told: StoredEvent[] = [];
    let check = (): void => undefined;
    const toldOf = async (count: number): Promise<void> =>
      await new Promise((done) => {
        check = () => (told.length >= count ? done() : undefined);
        check();
      });
    let step = 0;
    // The model waits for the reader, else everything would be over within a few cuts.
    await using thinker = await startScriptedLlm({
      responder: async () => {
        await toldOf(step * 3);
        step += 1;
        return step > steps ? say("Thought through.") : call("think", { thought: `Thought ${step}` });
      },
    });
    await using proxy = await startCuttingProxy(server.url);
    const client = createClient({ baseUrl: proxy.url, sessionApiKey: server.key });
    const llmOptions = { model: "openai/thinker", api_key: "sk-0123456789", base_url: thinker.url };
    const { id } = await server.client.conversations.create({ agent: { llm: llmOptions } });
    // further from each other than the reader lags behind, so that each of them is a cut of its own
    const at = new Set(
      Array.from({ length: cuts }, (_, index) => index * 10 + Math.floor(Math.random() * 5)),
    );
    let lost = 0;
    const { promise: finished, resolve } = Promise.withResolvers<void>();
    const follower = followEvents({
      client,
      conversationId: id,
      afterSeq: -1,
      backoff: { first: 1, longest: 5 },
      onEvent: (event) => {
        told.push(event);
        check();
        if (at.delete(event.seq)) proxy.cut();
        if (JSON.stringify(event).includes('"finished"')) resolve();
      },
      onState: (state) => (lost += state === "waiting" ? 1 : 0),
    });
    await server.client.events.send(id, { content: "Think.", run: true });
    await finished;
    follower.close();
    expect(lost).toBeGreaterThanOrEqual(cuts);
    const log = (await wholeLog(server.client, id)).slice(0, told.length);
    expect(told.length).toBeGreaterThan(500);
    expect(told).toEqual(log);
  });
});

describe("a reader", () => {
  it("that does not read is sent away with 1013, and has the rest when it comes back", async () => {
    const { id } = await server.client.conversations.create();
    const socket = connectTo(id, "after_seq=-1");
    const read: number[] = [];
    socket.on("message", (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { seq?: number };
      if (frame.seq !== undefined) read.push(frame.seq);
    });
    await once(socket, "message");
    socket.pause();
    const text = "A long message. ".repeat(30_000);
    let last = 0;
    for (let count = 0; count < 70; count += 1)
      last = (await server.client.events.send(id, { content: text })).seq;
    const closed = once(socket, "close");
    socket.resume();
    expect((await closed)[0]).toBe(1013);
    const seen = read.at(-1) ?? -1;
    expect(seen).toBeLessThan(last);
    const again = connectTo(id, `after_seq=${seen}`);
    const rest = await seqsUntil(again, last);
    again.terminate();
    expect([...read, ...rest]).toEqual(Array.from({ length: last + 1 }, (_, seq) => seq));
  });

  it("is one of a thousand on one conversation, and each of them is told", async () => {
    const { id } = await server.client.conversations.create();
    const sockets: WebSocket[] = [];
    for (let batch = 0; batch < 10; batch += 1) {
      const joined = Array.from({ length: 100 }, () => connectTo(id, "after_seq=-1"));
      await Promise.all(joined.map(async (socket) => await once(socket, "message")));
      sockets.push(...joined);
    }
    const { last_seq: last } = await server.client.conversations.get(id);
    const told = sockets.map(async (socket) => await seqsUntil(socket, last + 1));
    expect((await server.client.events.send(id, { content: "To everybody." })).seq).toBe(last + 1);
    for (const seqs of await Promise.all(told)) expect(seqs.at(-1)).toBe(last + 1);
    for (const socket of sockets) socket.terminate();
  });

  it("that comes in the middle of an answer is given the text so far", async () => {
    const text = "One word after the other comes. ".repeat(20);
    llm.push(slow(text, 20));
    const { id } = await server.client.conversations.create();
    using first = probeConversation(server.client, id);
    await server.client.events.send(id, { content: "Speak.", run: true });
    const spoken = (probe: typeof first): string =>
      probe.transients
        .map((frame) => (frame.kind === "StreamingDeltaEvent" ? (frame.content ?? "") : ""))
        .join("");
    await first.transient(() => spoken(first).length > 60);
    using late = probeConversation(server.client, id);
    await Promise.all([first.state(settled), late.state(settled)]);
    expect(spoken(first)).toBe(text);
    expect(spoken(late)).toBe(text);
  });
});

it("each change of status is told with the whole state, to the end of the run", async () => {
  llm.push(call("think", { thought: "Hm." }), say("Done."));
  const { id } = await server.client.conversations.create();
  using probe = probeConversation(server.client, id);
  await server.client.events.send(id, { content: "go", run: true });
  await probe.state(settled);
  const told = probe.transients.flatMap((event) =>
    event.kind === "ConversationStateUpdateEvent" ? [event.value.execution_status] : [],
  );
  const changes = told.filter((status, index) => status !== told[index - 1]);
  expect(changes).toEqual(["idle", "running", "finished"]);
  expect(
    probe.events.flatMap((event) => (event["key"] === "execution_status" ? [event["value"]] : [])),
  ).toEqual(["running", "finished"]);
});

describe("a moment", () => {
  it("is where V1's clients take up the log: resend_mode=since, timestamp__gte and timestamp__lt", async () => {
    const { id } = await server.client.conversations.create();
    for (const content of ["one", "two", "three", "four"]) await server.client.events.send(id, { content });
    const log = await wholeLog(server.client, id);
    const [from, to] = [log.at(-3), log.at(-1)];
    const since = encodeURIComponent(from?.timestamp ?? "");
    const socket = connectTo(id, `resend_mode=since&after_timestamp=${since}`);
    const expected = log.filter(({ timestamp }) => timestamp >= (from?.timestamp ?? ""));
    expect(await seqsUntil(socket, to?.seq ?? -1)).toEqual(expected.map(({ seq }) => seq));
    socket.terminate();
    const range = { timestamp__gte: from?.timestamp, timestamp__lt: to?.timestamp };
    const zoned = { ...range, timestamp__gte: from?.timestamp.replace("Z", "+00:00") };
    const within = expected.filter(({ timestamp }) => timestamp < (to?.timestamp ?? ""));
    for (const query of [range, zoned]) {
      expect((await server.client.events.search(id, query)).items).toEqual(within);
      expect(await server.client.events.count(id, query)).toBe(within.length);
    }
    const ids = [log[1]?.id ?? "", "nothing", log[0]?.id ?? ""];
    expect(await server.client.events.some(id, ids)).toEqual([log[1], null, log[0]]);
  });
});
