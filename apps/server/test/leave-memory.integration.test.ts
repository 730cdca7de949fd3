/** Conversations that nobody uses leave memory, and nobody sees that they did. */
import { type Client, createClient, followEvents } from "@openhands/client";
import type { ConversationInfo, StoredEvent } from "@openhands/protocol";
import { readConfig, type RunningServer, startServer } from "@openhands/server";
import {
  call,
  type ScriptedLlm,
  say,
  startScriptedLlm,
  temporaryHome,
  type TemporaryHome,
} from "@openhands/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { handClock, type HandClock } from "./hand-clock.ts";

const idleSeconds = 900;

let home: TemporaryHome;
let llm: ScriptedLlm;
let clock: HandClock;
let server: RunningServer;
let client: Client;

beforeEach(async () => {
  home = await temporaryHome();
  llm = await startScriptedLlm({
    responder: ({ body }) =>
      JSON.stringify(body).includes("Needs a yes") ? call("terminal", { command: "echo hi" }) : say("Done."),
  });
  clock = handClock();
  const config = readConfig(["--home", home.path, "--runtime", "bubblewrap", "--port", "0"], {
    OPENHANDS_POOL_SIZE: "0",
    OPENHANDS_IDLE_SUSPEND_SECONDS: String(idleSeconds),
    SESSION_API_KEY: "k".repeat(32),
    LLM_BASE_URL: llm.url,
    LLM_MODEL: "openai/scripted",
    LLM_API_KEY: "sk-0123456789",
    LOG_LEVEL: "silent",
  });
  server = await startServer(config, { clock });
  client = createClient({ baseUrl: server.url, sessionApiKey: "k".repeat(32) });
  await server.reconciled;
});

afterEach(async () => {
  await server.stop();
  await llm.stop();
  await home[Symbol.asyncDispose]();
});

async function inMemory(): Promise<number> {
  const answer = await fetch(`${server.url}/metrics`, { headers: { "x-session-api-key": "k".repeat(32) } });
  return Number(/^openhands_conversations_in_memory (\d+)$/m.exec(await answer.text())?.[1]);
}

/** As long as it takes until the sandbox is suspended, and then the conversation leaves. */
async function leave(id: string): Promise<ConversationInfo> {
  clock.pass(idleSeconds * 1000);
  await expect.poll(async () => (await listed(id))?.sandbox_status).toBe("suspended");
  const before = await client.conversations.get(id);
  clock.pass((idleSeconds + 60) * 1000);
  await expect.poll(inMemory).toBe(0);
  return before;
}

const listed = async (id: string) =>
  (await client.conversations.search({})).items.find((item) => item.id === id);

async function runOnce(content: string): Promise<string> {
  const { id } = await client.conversations.create();
  using probe = probeConversation(client, id);
  await probe.state((info) => info.sandbox_status === "ready");
  await client.events.send(id, { content, run: true });
  await probe.state(settled);
  return id;
}

async function seqs(id: string, afterSeq = -1): Promise<number[]> {
  const { items } = await client.events.search(id, { after_seq: afterSeq, limit: 100 });
  return items.map(({ seq }) => seq);
}

it("one that is unused leaves, is shown as it was, and goes on where it was", async () => {
  const id = await runOnce("First");
  const before = await leave(id);
  expect(await listed(id)).toEqual(before);
  expect(await inMemory()).toBe(0);
  expect(await client.conversations.get(id)).toEqual(before);
  await leave(id);
  using probe = probeConversation(client, id);
  await client.events.send(id, { content: "Second", run: true });
  await probe.state((info) => settled(info) && info.last_seq > before.last_seq);
  const all = await seqs(id);
  expect(all).toEqual(all.keys().toArray());
  expect(JSON.stringify(llm.requests.at(-1)?.body)).toMatch(/First.*Done\..*Second/s);
});

it("who comes back with a cursor gets what came since, once", async () => {
  const id = await runOnce("First");
  const { last_seq: cursor } = await leave(id);
  const seen: StoredEvent[] = [];
  const follower = followEvents({
    client,
    conversationId: id,
    afterSeq: cursor,
    onEvent: (event) => seen.push(event),
    onTransient: () => undefined,
    onState: () => undefined,
    onStop: () => undefined,
  });
  await client.events.send(id, { content: "Second" });
  // it has the message, and that the conversation is not finished any more
  await expect.poll(() => seen.length).toBe(2);
  // it is listened to, so it stays
  clock.pass(10 * idleSeconds * 1000);
  await client.events.send(id, { content: "Third" });
  await expect.poll(() => seen.length).toBe(3);
  expect(await inMemory()).toBe(1);
  follower.close();
  expect(seen.map(({ seq }) => seq)).toEqual([cursor + 1, cursor + 2, cursor + 3]);
});

it("one that waits for a person stays", async () => {
  const { id } = await client.conversations.create({ confirmation_policy: { kind: "AlwaysConfirm" } });
  using probe = probeConversation(client, id);
  await client.events.send(id, { content: "Needs a yes", run: true });
  await probe.state((info) => info.execution_status === "waiting_for_confirmation");
  probe[Symbol.dispose]();
  const other = await runOnce("Leaves");
  clock.pass(idleSeconds * 1000);
  await expect.poll(async () => (await listed(other))?.sandbox_status).toBe("suspended");
  clock.pass((idleSeconds + 60) * 1000);
  await expect.poll(inMemory).toBe(1);
  expect((await listed(id))?.waits_for).toMatchObject({ who: "person" });
});

it("a message that comes while it leaves is in the log once, in its place", async () => {
  const id = await runOnce("First");
  const { last_seq: last } = await leave(id);
  const sent: string[] = [];
  for (let round = 0; round < 30; round += 1) {
    const wanted = Array.from({ length: 3 }, async (_, n) => {
      for (let turn = 0; turn < round % 6; turn += 1) await new Promise(setImmediate);
      const content = `Message ${round}.${n}`;
      sent.push(content);
      return await client.events.send(id, { content });
    });
    // due at once: nobody has used it for long enough
    clock.pass((idleSeconds + 60) * 1000);
    const accepted = await Promise.all(wanted);
    clock.pass((idleSeconds + 60) * 1000);
    expect(accepted.map(({ success }) => success)).toEqual([true, true, true]);
  }
  const texts: string[] = [];
  let cursor = last;
  for (let page = await client.events.search(id, { after_seq: cursor, limit: 100 }); page.items.length > 0;) {
    expect(page.items.map(({ seq }) => seq)).toEqual(page.items.map((_, n) => cursor + 1 + n));
    const messages = page.items.filter(({ kind }) => kind === "MessageEvent");
    texts.push(...messages.map((event) => /Message \d+\.\d/.exec(JSON.stringify(event))?.[0] ?? ""));
    cursor += page.items.length;
    page = await client.events.search(id, { after_seq: cursor, limit: 100 });
  }
  expect(texts.toSorted()).toEqual(sent.toSorted());
});
