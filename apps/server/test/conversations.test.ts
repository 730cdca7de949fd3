/** Listing, finding, changing and removing conversations; none of it needs a sandbox. */
import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { temporaryHome, type TemporaryHome } from "@openhands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

async function get(path: string): Promise<unknown> {
  const response = await fetch(`${server.url}/api${path}`, { headers: { "X-Session-API-Key": server.key } });
  return await response.json();
}

describe("conversations", () => {
  it("made twice under one id are one", async () => {
    const post = async () =>
      await fetch(`${server.url}/api/conversations`, {
        method: "POST",
        headers: { "X-Session-API-Key": server.key, "Content-Type": "application/json" },
        body: JSON.stringify({ conversation_id: "3f2504e0-4f89-41d3-9a0c-0305e82c3301", title: "Once" }),
      });
    const first = await post();
    const second = await post();
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(await second.json()).toMatchObject({ id: "3f2504e04f8941d39a0c0305e82c3301", title: "Once" });
    expect(await readdir(join(home.path, "conversations"))).toHaveLength(1);
  });

  it("are paged newest first, counted, and found by id with holes for unknown ones", async () => {
    const made = [];
    for (let n = 0; n < 4; n += 1)
      made.push((await server.client.conversations.create({ title: `n${n}` })).id);
    const first = await server.client.conversations.search({ limit: 2 });
    expect(first.items.map((item) => item.title)).toEqual(["n3", "n2"]);
    const second = await server.client.conversations.search({ limit: 2, page_id: first.next_page_id ?? "" });
    expect(second.items.map((item) => item.title)).toEqual(["n1", "n0"]);
    expect(await get("/conversations/count")).toBe(5);
    expect(await get("/conversations/count?status=running")).toBe(0);
    const ids = [made[1], "f".repeat(32), made[0]].map((id) => `ids=${id}`).join("&");
    expect(await get(`/conversations?${ids}`)).toMatchObject([{ title: "n1" }, null, { title: "n0" }]);
  });

  it("keep a new title, over the first message and a restart", async () => {
    const { id } = await server.client.conversations.create({
      initial_message: { content: "Count the stars" },
    });
    expect((await server.client.conversations.get(id)).title).toBe("Count the stars");
    await server.client.conversations.update(id, { title: "Astronomy" });
    await server.stop();
    server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
    expect((await server.client.conversations.get(id)).title).toBe("Astronomy");
  });

  it("that are deleted go to the trash, with purge for good, and are unknown then", async () => {
    const { id } = await server.client.conversations.create();
    await server.client.conversations.remove(id);
    await expect(server.client.conversations.get(id)).rejects.toMatchObject({ status: 404 });
    const { items } = await server.client.conversations.search();
    expect(items.map((item) => item.id)).not.toContain(id);
    expect(await readdir(join(home.path, "trash"))).toHaveLength(1);
    const purged = await server.client.conversations.create();
    const key = { "X-Session-API-Key": server.key };
    const url = `${server.url}/api/conversations/${purged.id}?purge=true`;
    expect((await fetch(url, { method: "DELETE", headers: key })).status).toBe(200);
    await expect(access(join(home.path, "workspace", purged.id))).rejects.toThrow("ENOENT");
  });

  it("never get a folder of the system or of OpenHands itself to work in", async () => {
    for (const folder of [
      "/",
      "/etc",
      "/usr/lib",
      home.path,
      join(home.path, "conversations"),
      "/nowhere/at/all",
    ]) {
      const made = server.client.conversations.create({ workspace: { working_dir: folder } });
      await expect(made, folder).rejects.toMatchObject({ status: 422, code: "invalid" });
    }
  });
});
