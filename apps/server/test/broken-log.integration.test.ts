/** Logs that something has damaged: the conversation is listed, opened, read whole, and goes on. */
import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConversationId } from "@openhands/protocol";
import { say } from "@openhands/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

interface Damage {
  readonly what: string;
  /** what of it is read afterwards: `UnreadableEvent`, or the kind of another version */
  readonly seen: string | null;
  readonly damage: (path: string) => Promise<void>;
}

const edited = async (path: string, change: (text: string) => string): Promise<void> =>
  await writeFile(path, change(await readFile(path, "utf8")));

const damages: readonly Damage[] = [
  { what: "garbage behind it", seen: null, damage: (path) => appendFile(path, "\0\0garbage {]\n\n") },
  {
    what: "its last line cut off",
    seen: null,
    damage: async (path) => await truncate(path, (await readFile(path)).length - 30),
  },
  {
    what: "a line in the middle that is none",
    seen: "UnreadableEvent",
    damage: (path) => edited(path, (text) => text.replace(/\n\{"seq":2,.*/, '\n{"seq":2,"id":')),
  },
  {
    what: "a kind of another version",
    seen: "TelepathyEvent",
    damage: (path) =>
      edited(path, (text) => text.replace('"kind":"MessageEvent"', '"kind":"TelepathyEvent"')),
  },
  {
    what: "no metadata beside it, and written by hand",
    seen: null,
    damage: (path) => edited(path, (text) => JSON.stringify(JSON.parse(text), null, 4)),
  },
];
const idOf = (index: number) => ConversationId.parse(String(index).repeat(32));

let scripted: ScriptedServer;

beforeAll(async () => {
  scripted = await startScriptedServer({ responder: () => say("A plain answer.") });
  const { server, home } = scripted;
  for (const index of damages.keys()) {
    const message = { content: `Message ${index}`, run: true };
    await server.client.conversations.create({ conversation_id: idOf(index), initial_message: message });
    using probe = probeConversation(server.client, idOf(index));
    await probe.state(settled);
  }
  await server.stop();
  for (const [index, { damage }] of damages.entries()) {
    const folder = join(home.path, "conversations", idOf(index));
    await damage(join(folder, "events.json"));
    await writeFile(join(folder, "metadata.json"), "{");
  }
  await scripted.restart();
});

afterAll(async () => await scripted[Symbol.asyncDispose]());

it("all are listed", async () => {
  const { client } = scripted.server;
  let page = await client.conversations.search({});
  while (page.incomplete !== null) page = await client.conversations.search({});
  expect(new Set(page.items.map(({ id }) => id))).toEqual(new Set([...damages.keys()].map(idOf)));
});

it.each([...damages.entries()])("%s: with $what", async (index, { seen }) => {
  const { client } = scripted.server;
  const id = idOf(index);
  using probe = probeConversation(client, id);
  const before = (await client.events.search(id)).items;
  expect(before.length).toBeGreaterThan(3);
  expect(before.map(({ seq }) => seq)).toEqual(before.map((_, seq) => seq));
  if (seen !== null) expect(before.map(({ kind }) => kind)).toContain(seen);
  await client.events.send(id, { content: "Go on.", run: true });
  await probe.event((event) => JSON.stringify(event).includes("Go on."));
  expect((await probe.state(settled)).execution_status).toBe("finished");
  const path = join(scripted.home.path, "conversations", id, "events.json");
  const after = (await client.events.search(id)).items;
  expect(after.length).toBeGreaterThan(before.length);
  if (seen !== "UnreadableEvent") expect(JSON.parse(await readFile(path, "utf8"))).toEqual(after);
});
