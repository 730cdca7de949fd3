/** A home with many conversations: a start opens none of them, and has all. */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { say } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startScriptedServer } from "./scripted-server.ts";

const count = 1000;

it("a thousand stored ones are listed and counted, and one is opened when it is asked for", async () => {
  await using scripted = await startScriptedServer({ responder: () => say("Here.") });
  const { id } = await scripted.server.client.conversations.create({ title: "Many" });
  await scripted.server.stop();
  const folder = (name: string): string => join(scripted.home.path, "conversations", name);
  const metadata = await readFile(join(folder(id), "metadata.json"), "utf8");
  const copies = Array.from({ length: count - 1 }, (_, index) => index.toString(16).padStart(32, "0"));
  for (const copy of copies) {
    await mkdir(folder(copy));
    await copyFile(join(folder(id), "events.json"), join(folder(copy), "events.json"));
    await writeFile(join(folder(copy), "metadata.json"), metadata.replaceAll(id, copy));
  }
  await scripted.restart();
  const { client } = scripted.server;
  const inMemory = async (): Promise<number> => {
    const { url, key } = scripted.server;
    const answer = await fetch(`${url}/metrics`, { headers: { "x-session-api-key": key } });
    return Number(/^openhands_conversations_in_memory (\d+)$/m.exec(await answer.text())?.[1]);
  };
  // waits until every one has been read
  expect(await client.conversations.count({ query: "Many" })).toBe(count);
  expect(await inMemory()).toBe(0);
  const listed = new Set<string>();
  let page = await client.conversations.search();
  for (;;) {
    for (const item of page.items) listed.add(item.id);
    if (page.next_page_id === null) break;
    page = await client.conversations.search({ page_id: page.next_page_id });
  }
  expect([...listed].toSorted()).toEqual([id, ...copies].toSorted());
  expect((await client.conversations.get(copies[7] ?? "")).title).toBe("Many");
  expect(await inMemory()).toBe(1);
  using probe = probeConversation(client, copies[7] ?? "");
  await client.events.send(copies[7] ?? "", { content: "Are you there?", run: true });
  expect((await probe.state(settled)).execution_status).toBe("finished");
});
