/** A home with many conversations: a start keeps none of them in memory, and has all. */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { say } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

const count = 1000;
const copies = Array.from({ length: count - 1 }, (_, index) => index.toString(16).padStart(32, "0"));

const folderOf = ({ home }: ScriptedServer, id: string): string => join(home.path, "conversations", id);

async function putCopies(scripted: ScriptedServer, id: string): Promise<void> {
  const log = join(folderOf(scripted, id), "events.json");
  for (const copy of copies) {
    await mkdir(folderOf(scripted, copy));
    await copyFile(log, join(folderOf(scripted, copy), "events.json"));
  }
}

async function inMemory({ server }: ScriptedServer): Promise<number> {
  const answer = await fetch(`${server.url}/metrics`, { headers: { "x-session-api-key": server.key } });
  return Number(/^openhands_conversations_in_memory (\d+)$/m.exec(await answer.text())?.[1]);
}

it("a thousand stored ones are listed and counted, and one is opened when it is asked for", async () => {
  await using scripted = await startScriptedServer({ responder: () => say("Here.") });
  const { id } = await scripted.server.client.conversations.create({ title: "Many" });
  await scripted.server.stop();
  const metadata = await readFile(join(folderOf(scripted, id), "metadata.json"), "utf8");
  await putCopies(scripted, id);
  for (const copy of copies)
    await writeFile(join(folderOf(scripted, copy), "metadata.json"), metadata.replaceAll(id, copy));
  await scripted.restart();
  const { client } = scripted.server;
  // waits until every one has been read
  expect(await client.conversations.count({ query: "Many" })).toBe(count);
  expect(await inMemory(scripted)).toBe(0);
  const listed = new Set<string>();
  let page = await client.conversations.search();
  for (;;) {
    for (const item of page.items) listed.add(item.id);
    if (page.next_page_id === null) break;
    page = await client.conversations.search({ page_id: page.next_page_id });
  }
  expect([...listed].toSorted()).toEqual([id, ...copies].toSorted());
  expect((await client.conversations.get(copies[7] ?? "")).title).toBe("Many");
  expect(await inMemory(scripted)).toBe(1);
  using probe = probeConversation(client, copies[7] ?? "");
  await client.events.send(copies[7] ?? "", { content: "Are you there?", run: true });
  expect((await probe.state(settled)).execution_status).toBe("finished");
});

it("a thousand that came without what is known of them are read, and leave memory again", async () => {
  await using scripted = await startScriptedServer({ responder: () => say("Here.") });
  const { id } = await scripted.server.client.conversations.create({ title: "Many" });
  await scripted.server.stop();
  await rm(join(folderOf(scripted, id), "metadata.json"));
  await putCopies(scripted, id);
  await scripted.restart();
  expect(await scripted.server.client.conversations.count({ query: "Many" })).toBe(count);
  expect(await inMemory(scripted)).toBe(0);
  const kept = await readFile(join(folderOf(scripted, copies[7] ?? ""), "metadata.json"), "utf8");
  expect(JSON.parse(kept)).toMatchObject({ id: copies[7], title: "Many" });
});
