/** A gigabyte in and out of a workspace: it passes through, and nothing of it stays in the server. */
import { openAsBlob } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runtimes, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

const gigabyte = 2 ** 30;
/** megabytes of the server's memory beside what it has when it rests */
const most = 200;

it.each(runtimes)("a gigabyte through %s leaves the memory flat, in, out and packed", async (runtime) => {
  await using scripted = await startScriptedServer({ runtime });
  const { client } = scripted.server;
  const { id } = await client.conversations.create();
  await client.files.write(id, "small", "small");
  const path = join(scripted.home.path, "large");
  await using file = await open(path, "w");
  await file.truncate(gigabyte);
  const rest = await memory(scripted);
  const highest = highestUntil(scripted);
  await client.files.write(id, "large", await openAsBlob(path));
  const { items } = await client.files.list(id);
  expect(items.map(({ name, size }) => [name, size])).toContainEqual(["large", gigabyte]);
  expect(await lengthOf(await client.files.read(id, "large"))).toBe(gigabyte);
  expect(await lengthOf(await client.files.download(id))).toBeGreaterThan(gigabyte / 2000);
  expect((await highest()) - rest).toBeLessThan(most);
});

async function lengthOf(content: ReadableStream<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of content) bytes += chunk.length;
  return bytes;
}

/** Looks all the time, until it is asked. */
function highestUntil(scripted: ScriptedServer): () => Promise<number> {
  const over = new AbortController();
  const look = async (): Promise<number> => {
    let highest = 0;
    while (!over.signal.aborted) highest = Math.max(highest, await memory(scripted));
    return highest;
  };
  const looking = look();
  return async () => {
    over.abort();
    return await looking;
  };
}

/** In megabytes. */
async function memory({ server: { url, key } }: ScriptedServer): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { "x-session-api-key": key } })).text();
  return Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)?.[1]) / 2 ** 20;
}
