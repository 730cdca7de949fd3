/** Deleted conversations: brought back whole, or gone when their time is over. */
import { access, mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryHome, type TemporaryHome } from "@openhands/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

let home: TemporaryHome;
let server: ServerProcess;

beforeAll(async () => {
  home = await temporaryHome();
  server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
});

afterAll(async () => {
  await server.stop();
  await home[Symbol.asyncDispose]();
});

const trash = async (): Promise<string[]> => await readdir(join(home.path, "trash"));
const found = async (query: string): Promise<unknown[]> =>
  (await server.client.conversations.search({ query })).items.map(({ title }) => title);

async function made(content: string): Promise<string> {
  const { id } = await server.client.conversations.create({ title: content, initial_message: { content } });
  await writeFile(join(home.path, "workspace", id, "kept.txt"), "kept");
  return id;
}

it("a conversation comes back with log, files, secrets and its place in the listing", async () => {
  const id = await made("a curlew over the marsh");
  const before = (await server.client.events.search(id)).items;
  await server.client.conversations.remove(id);
  expect(await found("curlew")).toEqual([]);
  const info = await server.client.conversations.restore(id);
  expect(info).toMatchObject({ id, title: "a curlew over the marsh" });
  expect((await server.client.events.search(id)).items).toEqual(before);
  await access(join(home.path, "workspace", id, "kept.txt"));
  expect(await found("curlew marsh")).toEqual(["a curlew over the marsh"]);
  expect(await trash()).toEqual([]);
  await server.client.events.send(id, { content: "and on it goes" });
  expect(await found("goes")).toEqual(["a curlew over the marsh"]);
  const again = server.client.conversations.restore(id);
  await expect(again).rejects.toMatchObject({ status: 409 });
});

it("what was never there, or is purged from the trash, does not come back", async () => {
  const never = server.client.conversations.restore("e".repeat(32));
  await expect(never).rejects.toMatchObject({ status: 404 });
  const id = await made("a snipe");
  await server.client.conversations.remove(id);
  const headers = { "X-Session-API-Key": server.key };
  const purge = async () =>
    (await fetch(`${server.url}/api/conversations/${id}?purge=true`, { method: "DELETE", headers })).status;
  expect([await purge(), await purge()]).toEqual([200, 404]);
  await expect(server.client.conversations.restore(id)).rejects.toMatchObject({ status: 404 });
  expect(await readdir(join(home.path, "workspace"))).not.toContain(id);
});

it("after 24 hours a start removes it, but no folder that the person named and nothing younger", async () => {
  await using named = await temporaryHome();
  await writeFile(join(named.path, "theirs.txt"), "theirs");
  const old = await server.client.conversations.create({ workspace: { working_dir: named.path } });
  const older = await made("an avocet");
  const young = await made("a godwit");
  for (const id of [old.id, older, young]) await server.client.conversations.remove(id);
  await server.stop();
  const long = "2026-01-01T00-00-00-000Z";
  for (const name of await trash()) {
    if (!name.startsWith(young))
      await rename(join(home.path, "trash", name), join(home.path, "trash", `${name.split(".")[0]}.${long}`));
  }
  await mkdir(join(home.path, "trash", "somebody's own"));
  server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  while ((await trash()).length > 2) await server.client.system.get();
  const left = new Set((await trash()).map((name) => name.split(".")[0]));
  expect(left).toEqual(new Set([young, "somebody's own"]));
  expect(await readdir(named.path)).toEqual(["theirs.txt"]);
  const workspaces = await readdir(join(home.path, "workspace"));
  expect([workspaces.includes(older), workspaces.includes(young)]).toEqual([false, true]);
});
