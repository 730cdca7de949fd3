/** What a server does for many at once: conversations that run, sockets that listen, and callers that ask. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { WebSocket } from "ws";
import { probeConversation, settled } from "../apps/server/test/conversation-probe.ts";
import { type ServerProcess, startServerProcess } from "../apps/server/test/server-process.ts";
import { type Bench, type Figure, milliseconds, quantile } from "./bench.ts";

const stepsEach = 60;
const listeners = 1000;
const requests = 20_000;

export const server: Bench = {
  name: "server",
  promise:
    "20 at once ≥ 150 steps/s; one event to 1,000 sockets p99 ≤ 50 ms; memory flat over 20,000 requests",
  run: async () => [...(await conversations()), ...(await asked())],
};

/** Steps of one `echo` each in a second, alone and with others, in a bubblewrap sandbox each. */
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
  const each = count > 20 ? stepsEach / 3 : stepsEach;
  await using llm = await startScriptedLlm({
    responder: ({ body }) => {
      const who = /conversation-(\d+)/.exec(JSON.stringify(body.messages))?.[1] ?? "";
      const step = (taken.get(who) ?? 0) + 1;
      taken.set(who, step);
      return step > each ? say("Done.") : call("terminal", { command: `echo ${step}` });
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
  const started = performance.now();
  const runs = ids.map(async (id, index) => {
    using probe = probeConversation(own.client, id);
    await own.client.events.send(id, { content: `conversation-${index} begins`, run: true });
    const { execution_status: status } = await probe.state(settled);
    if (status !== "finished") throw new Error(`a run ended in ${status}`);
  });
  await Promise.all(runs);
  return (count * each * 1000) / (performance.now() - started);
}

async function asked(): Promise<Figure[]> {
  await using home = await temporaryHome();
  await using own = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const { id } = await own.client.conversations.create();
  const figures = [await fanOut(own, id)];
  const get = async (path: string): Promise<void> => {
    const answer = await fetch(`${own.url}${path}`, { headers: { "x-session-api-key": own.key } });
    await answer.arrayBuffer();
  };
  const paths = [
    "/health",
    "/api/settings",
    "/api/conversations/search",
    "/api/system",
    "/api/usage",
    "/metrics",
    "/",
  ];
  const ofOne = [
    "",
    "/events/search",
    "/events/count",
    "/queue",
    "/agent_final_response",
    "/trajectory",
    "/mcp",
  ];
  for (const path of [...paths, ...ofOne.map((part) => `/api/conversations/${id}${part}`)]) {
    const times: number[] = [];
    for (let count = 0; count < 110; count += 1) {
      const began = performance.now();
      await get(path);
      times.push(performance.now() - began);
    }
    figures.push({ what: `GET ${path.replace(id, "{id}")}`, value: milliseconds(times.slice(10)) });
  }
  const before = await memoryOf(own.pid);
  for (let count = 0; count < requests; count += 50)
    await Promise.all(Array.from({ length: 50 }, async () => await get(`/api/conversations/${id}`)));
  const grown = (await memoryOf(own.pid)) - before;
  figures.push({
    what: `memory over ${requests} requests`,
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

async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024);
}
