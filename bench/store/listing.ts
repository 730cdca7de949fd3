import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import {
  ConversationId,
  type ConversationMetadata,
  eventIdFor,
  noRandomness,
  noStats,
} from "@openhands/protocol";
import { createLayout, type Layout } from "@openhands/store";
import { temporaryHome } from "@openhands/testing";
import { type ServerProcess, startServerProcess } from "../../apps/server/test/server-process.ts";
import { type Figure, milliseconds } from "../bench.ts";

/** How many are stored at a start. */
const stored = [0, 1000, 10_000];
const starts = 3;
const rounds = 50;
const words = ["heron", "kingfisher", "bittern", "grebe", "wagtail", "dipper", "osprey"];

/** Pages and searches of many stored conversations, and how long the index takes that answers them. */
export async function listing(): Promise<readonly Figure[]> {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  const figures: Figure[] = [];
  let written = 0;
  for (const count of stored) {
    for (; written < count; written += 1) await writeConversation(layout, written);
    await rm(layout.indexFile, { force: true });
    const size = count.toLocaleString("en");
    figures.push(...(await started(home.path, { what: `${size} stored, no index yet`, times: 1 })));
    figures.push(...(await started(home.path, { what: `${size} stored, index there`, times: starts })));
  }
  await rm(layout.indexFile);
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  figures.push({ what: "page while the index is made anew", value: await pages(server, "limit=100") });
  await complete(server);
  for (const query of [
    "limit=100",
    "query=heron",
    "query=osprey%20dipper",
    "query=os",
    "sort_order=UPDATED_AT",
  ])
    figures.push({ what: `search?${query}`, value: await pages(server, query) });
  return figures;
}

async function started(
  home: string,
  { what, times }: { readonly what: string; readonly times: number },
): Promise<Figure[]> {
  const readyTimes: number[] = [];
  const completeTimes: number[] = [];
  for (let round = 0; round < times; round += 1) {
    const began = performance.now();
    await using server = await startServerProcess({ home, runtime: "bubblewrap" });
    const ready = performance.now();
    await complete(server);
    readyTimes.push(ready - began);
    completeTimes.push(performance.now() - ready);
  }
  return [
    { what: `start → ready, ${what}`, value: milliseconds(readyTimes) },
    { what: `ready → listing complete, ${what}`, value: milliseconds(completeTimes) },
  ];
}

async function pages(server: ServerProcess, query: string): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await search(server, query);
    times.push(performance.now() - began);
  }
  return milliseconds(times);
}

async function search(server: ServerProcess, query: string): Promise<unknown> {
  const url = `${server.url}/api/conversations/search?${query}`;
  return await (await fetch(url, { headers: { "X-Session-API-Key": server.key } })).json();
}

async function complete(server: ServerProcess): Promise<void> {
  while ((await server.client.conversations.search({ limit: 1 })).incomplete !== null);
}

/** Four events and their metadata, as a short conversation leaves them. */
async function writeConversation(layout: Layout, number: number): Promise<void> {
  const id = ConversationId.parse(number.toString(16).padStart(32, "0"));
  const time = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString();
  const text = Array.from(
    { length: 60 },
    (_, at) => words[(number * 7 + at * (number % 5)) % words.length],
  ).join(" ");
  const message = (seq: number, source: "user" | "agent") => ({
    kind: "MessageEvent",
    id: eventIdFor(seq, noRandomness),
    seq,
    timestamp: time,
    source,
    llm_message: { role: source === "user" ? "user" : "assistant", content: [{ type: "text", text }] },
  });
  const events = [0, 1, 2, 3].map((seq) => message(seq, seq % 2 === 0 ? "user" : "agent"));
  const metadata: ConversationMetadata = {
    id,
    title: `Conversation ${number} of ${words[number % words.length]}`,
    created_at: time,
    updated_at: time,
    execution_status: "finished",
    llm_model: null,
    stats: noStats,
    last_seq: 3,
    last_user_message_id: null,
    tags: {},
    error: null,
    setup: null,
  };
  await mkdir(dirname(layout.eventsFile(id)), { recursive: true });
  await writeFile(
    layout.eventsFile(id),
    `[\n${events.map((event) => JSON.stringify(event)).join(",\n")}\n]\n`,
  );
  await writeFile(layout.metadataFile(id), JSON.stringify(metadata));
}
