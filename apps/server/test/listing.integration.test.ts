/** The listing as it is seen from outside, over restarts and over whatever becomes of its index. */
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryHome, type TemporaryHome } from "@openhands/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

let home: TemporaryHome;
let server: ServerProcess;

beforeAll(async () => {
  home = await temporaryHome();
  server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  for (const [title, content] of [
    ["One", "the first message speaks of herons"],
    ["Two", "the second speaks of kingfishers"],
    ["Three", "and of herons again"],
  ] as const) {
    await server.client.conversations.create({ title, initial_message: { content } });
  }
});

afterAll(async () => {
  await server.stop();
  await home[Symbol.asyncDispose]();
});

async function get(path: string): Promise<Response> {
  return await fetch(`${server.url}/api/conversations${path}`, {
    headers: { "X-Session-API-Key": server.key },
  });
}

/** The titles of a listing that is complete. */
async function titles(query: string): Promise<unknown[]> {
  for (;;) {
    const page = (await (await get(`/search?${query}`)).json()) as {
      items: { title: string }[];
      incomplete: unknown;
    };
    if (page.incomplete === null) return page.items.map(({ title }) => title);
  }
}

const restart = async (change: () => Promise<void>, end: "kill" | "stop" = "stop"): Promise<void> => {
  await server[end]();
  await change();
  server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
};

it("searches titles and messages, at once after they were written", async () => {
  expect(await titles("query=HERON")).toEqual(["Three", "One"]);
  expect(await titles("query=two")).toEqual(["Two"]);
  expect(await titles("query=heron&sort_order=CREATED_AT")).toEqual(["One", "Three"]);
  expect(await (await get("/count?query=heron")).json()).toBe(2);
  const { id } = await server.client.conversations.create({ title: "Four" });
  await server.client.events.send(id, { content: "a late bittern" });
  expect(await titles("query=bittern")).toEqual(["Four"]);
  await server.client.conversations.update(id, { title: "Five" });
  expect(await titles("query=four")).toEqual([]);
  await server.client.conversations.remove(id);
  expect(await titles("query=bittern")).toEqual([]);
});

it("orders by the last change where asked", async () => {
  const [two] = (await server.client.conversations.search({ limit: 2 })).items.slice(1);
  await server.client.events.send(two?.id ?? "", { content: "one more" });
  expect((await titles("sort_order=UPDATED_AT_DESC"))[0]).toBe("Two");
});

it.each(["sort_order=SIDEWAYS", "limit=101", "limit=0"])("refuses %s", async (query) => {
  expect((await get(`/search?${query}`)).status).toBe(422);
});

it.each(["page_id=nonsense", `page_id=${"f".repeat(32)}`, "page_id="])("begins anew at %s", async (query) => {
  expect(await titles(query)).toEqual(await titles(""));
});

it("is whole again after its index was deleted, made garbage, or left behind by a kill", async () => {
  const index = join(home.path, "index.sqlite");
  await restart(async () => await rm(index));
  expect(await titles("query=heron")).toEqual(["Three", "One"]);
  await restart(async () => await writeFile(index, "garbage ".repeat(4000)));
  expect(await titles("query=heron")).toEqual(["Three", "One"]);
  expect(await (await get("/count")).json()).toBe(3);
  const made = await server.client.conversations.create({
    title: "Last",
    initial_message: { content: "a grebe" },
  });
  await restart(async () => {}, "kill");
  expect(await titles("query=grebe")).toEqual(["Last"]);
  await restart(async () => await rm(join(home.path, "conversations", made.id), { recursive: true }));
  expect(await titles("query=grebe")).toEqual([]);
});

it("rebuilds a metadata.json that is missing or broken from the log", async () => {
  const folders = join(home.path, "conversations");
  const [first = "", second = ""] = await readdir(folders);
  const before = await titles("");
  await restart(async () => {
    await rm(join(folders, first, "metadata.json"));
    await writeFile(join(folders, second, "metadata.json"), '{"id": "torn');
  });
  expect(await titles("")).toEqual(before);
  await server.stop();
  expect(await readdir(join(folders, first))).toContain("metadata.json");
  server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
});
