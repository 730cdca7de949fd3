/** What a server does for many at once: conversations that run, sockets that listen, and callers that ask. */
import { once } from "node:events";
import type { StoredEvent } from "@openhands/protocol";
import { call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { WebSocket } from "ws";
import { probeConversation } from "../apps/server/test/conversation-probe.ts";
import { type ServerProcess, startServerProcess } from "../apps/server/test/server-process.ts";
import { type Bench, type Figure, quantile } from "./bench.ts";
import { everyRoute } from "./server/every-route.ts";
import { idleConversations } from "./server/idle-conversations.ts";
import { memoryOf } from "./server/memory-of.ts";

const stepsEach = 60;
const listeners = 1000;
const requests = 20_000;

export const server: Bench = {
  name: "server",
  promise:
    "20 at once ≥ 150 steps/s; one event to 1,000 sockets p99 ≤ 50 ms; memory flat over 20,000 requests",
  run: async () => [
    ...(await conversations()),
    ...(await asked()),
    ...(await idleConversations()),
    ...(await everyRoute()),
  ],
};

/**
 * Steps of one `echo` each in a second, alone and with others, in a bubblewrap sandbox each. Each has taken a step before:
 * the start of a shell is no step, and costs as much as ten of them.
 */
async function conversations(): Promise<Figure[]> {
  const alone = await stepsPerSecond(1);
  const figures: Figure[] = [{ what: "1 conversation", value: `${alone.toFixed(0)} steps/s` }];
  for (const count of [20, 100]) {
    const together = await stepsPerSecond(count);
    const value = `${together.toFixed(0)} steps/s, ${(together / alone).toFixed(2)} × one alone`;
    figures.push({ what: `${count} conversations at once`, value });
  }
  return figures;
}

async function stepsPerSecond(count: number): Promise<number> {
  await using home = await temporaryHome();
  const taken = new Map<string, number>();
  await using llm = await startScriptedLlm({
    responder: ({ body }) => {
      const task =
        JSON.stringify(body.messages)
          .match(/conversation-\d+, \d+ steps/g)
          ?.at(-1) ?? "";
      const step = (taken.get(task) ?? 0) + 1;
      taken.set(task, step);
      const steps = Number(/, (\d+)/.exec(task)?.[1]);
      return step > steps ? say("Done.") : call("terminal", { command: `echo ${step}` });
    },
  });
  const env = {
    LLM_BASE_URL: llm.url,
    LLM_MODEL: "openai/scripted",
    LLM_API_KEY: "sk-bench-0123456789",
    OPENHANDS_MAX_RUNNING: String(count),
  };
  await using own = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  const ready = Array.from({ length: count }, async () => {
    const { id } = await own.client.conversations.create();
    using probe = probeConversation(own.client, id);
    await probe.state((info) => info.sandbox_status === "ready");
    return id;
  });
  const ids = await Promise.all(ready);
  await Promise.all(ids.map(async (id, index) => await take(own, id, `conversation-${index}, 1 steps`)));
  const started = performance.now();
  await Promise.all(
    ids.map(async (id, index) => await take(own, id, `conversation-${index}, ${stepsEach} steps`)),
  );
  return (count * stepsEach * 1000) / (performance.now() - started);
}

async function take({ client }: ServerProcess, id: string, content: string): Promise<void> {
  const { seq } = await client.events.send(id, { content, run: true });
  using probe = probeConversation(client, id, seq);
  const { value } = await probe.event((event) => isStatus(event) && event.value !== "running");
  if (value !== "finished") throw new Error(`a run ended in ${String(value)}`);
}

const isStatus = (event: StoredEvent): boolean =>
  event.kind === "ConversationStateUpdateEvent" && event.key === "execution_status";

async function asked(): Promise<Figure[]> {
  await using home = await temporaryHome();
  await using own = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const { id } = await own.client.conversations.create();
  const figures = [await fanOut(own, id)];
  const get = async (): Promise<void> => {
    const headers = { "x-session-api-key": own.key };
    const answer = await fetch(`${own.url}/api/conversations/${id}`, { headers });
    await answer.arrayBuffer();
  };
  const ask = async (): Promise<void> => {
    for (let count = 0; count < requests; count += 50) await Promise.all(Array.from({ length: 50 }, get));
  };
  // with the first ones the heap takes the room that it works in
  await ask();
  const before = await memoryOf(own.pid);
  await ask();
  const grown = (await memoryOf(own.pid)) - before;
  figures.push({
    what: `memory over ${requests} requests, after as many`,
    value: `${before} MB, ${grown >= 0 ? "+" : ""}${grown} MB`,
  });
  return figures;
}

/** From the sending of a message to its arrival at each of the sockets. */
async function fanOut(own: ServerProcess, id: string): Promise<Figure> {
  const address = `${own.url.replace("http", "ws")}/sockets/events/${id}`;
  const sockets: WebSocket[] = [];
  while (sockets.length < listeners) {
    const batch = Array.from({ length: 100 }, () => {
      return new WebSocket(address, { headers: { "x-session-api-key": own.key } });
    });
    await Promise.all(batch.map(async (socket) => await once(socket, "message")));
    sockets.push(...batch);
  }
  const spread: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const arrivals: number[] = [];
    const all = sockets.map(async (socket) => {
      await once(socket, "message");
      arrivals.push(performance.now());
    });
    await own.client.events.send(id, { content: `Message ${round}` });
    await Promise.all(all);
    const first = Math.min(...arrivals);
    spread.push(...arrivals.map((time) => time - first));
  }
  for (const socket of sockets) socket.terminate();
  return {
    what: `one event to ${listeners} sockets, after the first`,
    value: `p50 ${quantile(spread, 0.5).toFixed(1)} ms, p99 ${quantile(spread, 0.99).toFixed(1)} ms`,
  };
}
