/** Homes as earlier versions left them, opened by this one: nothing is lost, and everything goes on. */
import { chown, cp, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call, say, startScriptedLlm, temporaryHome, type TemporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const corpus = fileURLToPath(new URL("../../../packages/store/test/corpus/", import.meta.url));
const id = "1".repeat(32);
const deleted = "2".repeat(32);
/** What the pages of those homes were signed in with. */
const cookies: Readonly<Record<string, string>> = {
  "format-1": "e4jCPwbYdGH74OJyf96zJZrlna93pIDYHm78klE2NZ0",
  "format-2": "wrRYhXLw78py6Dc6ypjFjqG8vriBglz1YwfFO328dXs",
};

/** As if what lies in the trash had been deleted now: it stays there for a day. */
async function deleteAgain(home: string): Promise<void> {
  const trash = join(home, "trash");
  const now = new Date().toISOString().replaceAll(/[:.]/g, "-");
  for (const name of await readdir(trash))
    await rename(join(trash, name), join(trash, `${name.split(".")[0]}.${now}`));
}

/** As if those pages had been signed in now: a cookie ends after ninety days. */
async function signInAgain(home: string): Promise<void> {
  const path = join(home, "sign-ins.json");
  const until = Date.now() + 86_400_000;
  await writeFile(path, (await readFile(path, "utf8")).replaceAll(/"until":\d+/g, `"until":${until}`));
}

/** A copy whose conversations ask `modelUrl`. */
async function copyOf(format: string, modelUrl: string): Promise<TemporaryHome> {
  const home = await temporaryHome();
  await cp(join(corpus, format), home.path, { recursive: true });
  const events = join(home.path, "conversations", id, "events.json");
  await writeFile(events, (await readFile(events, "utf8")).replaceAll("http://127.0.0.1:9/v1", modelUrl));
  await deleteAgain(home.path);
  await signInAgain(home.path);
  // as a server run as root leaves it: no command runs as root of the machine
  const workspace = join(home.path, "workspace", id);
  if (process.getuid?.() === 0)
    for (const path of [workspace, join(workspace, "kept.txt")]) await chown(path, 61_000, 61_000);
  return home;
}

const get = async (server: ServerProcess, path: string, headers: Readonly<Record<string, string>>) =>
  await fetch(server.url + path, { headers });

/** The name of this server's cookie depends on where its home lies. */
async function cookieName(server: ServerProcess): Promise<string> {
  const body = JSON.stringify({ code: server.link.split("#code=")[1] });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${server.url}/api/auth/sign-in`, { method: "POST", headers, body });
  return answer.headers.get("set-cookie")?.split("=")[0] ?? "";
}

it.each(Object.keys(cookies))("a home of %s opens whole, and its conversations go on", async (format) => {
  const replies = [call("terminal", { command: "cat kept.txt; echo $COLOUR" }), say("It is still there.")];
  await using llm = await startScriptedLlm({ responder: () => replies.shift() ?? say("No more.") });
  await using home = await copyOf(format, llm.url);
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const { client } = server;
  const key = { "X-Session-API-Key": server.key };

  expect((await client.system.get()).warnings).toEqual([]);
  const settings = await client.settings.get();
  expect(settings).toMatchObject({ max_iterations: 77, llm_model: "anthropic/claude-sonnet-4-5" });
  expect(settings.llm_api_key_set).toBe(true);
  const cookie = `${await cookieName(server)}=${cookies[format]}`;
  expect((await get(server, "/api/settings", { cookie })).status).toBe(200);

  while ((await client.conversations.search({ query: "herons" })).items.length === 0);
  const { items } = await client.conversations.search({ query: "herons" });
  expect(items.map(({ title }) => title)).toEqual(["Count to 8,000"]);
  expect((await client.conversations.restore(deleted)).title).toBe("Deleted");

  const before = (await client.events.search(id)).items;
  expect(before.map(({ seq }) => seq)).toEqual(before.map((_, index) => index));
  const clipped = before.find((event) => event.kind === "ObservationEvent")?.id ?? "none";
  const output = await get(server, `/api/conversations/${id}/events/${clipped}/output`, key);
  expect((await output.text()).trimEnd().endsWith("\n8000")).toBe(true);

  using probe = probeConversation(client, id);
  await client.events.send(id, { content: "Look again.", run: true });
  await probe.event(
    (event) => event.seq > before.length && JSON.stringify(event).includes("It is still there."),
  );
  expect(await probe.state(settled)).toMatchObject({ execution_status: "finished", error: null });
  expect(llm.requests[0]?.headers.authorization).toBe("Bearer sk-own-key-of-one-conversation");
  expect(JSON.stringify(probe.events)).toContain("kept\\nblue");
  expect((await get(server, `/api/conversations/${id}/trajectory`, key)).status).toBe(200);
  expect(JSON.parse(await readFile(join(home.path, "home.json"), "utf8"))).toEqual({ format: 2 });
});

it("what later versions keep beside it is there too: attachments, secrets, sums of spare calls", async () => {
  await using home = await copyOf("format-2", "http://127.0.0.1:9/v1");
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const key = { "X-Session-API-Key": server.key };
  const { secrets } = await server.client.secrets.list();
  expect(secrets.map(({ name }) => name)).toEqual(["LLM_API_KEY", "TOKEN"]);
  expect(await (await get(server, "/api/usage", key)).text()).toContain('"probe"');
  const attachments = await readdir(join(home.path, "conversations", id, "attachments"));
  const sizes = attachments.map(async (name) => {
    const answer = await get(server, `/api/conversations/${id}/attachments/${name}`, key);
    return (await answer.arrayBuffer()).byteLength;
  });
  expect(new Set(await Promise.all(sizes))).toEqual(new Set([66_006, 66_008]));
});

it("what a change of format touches is in backups/ as it was", async () => {
  await using home = await copyOf("format-1", "http://127.0.0.1:9/v1");
  const before = await readFile(join(home.path, "secrets", `LLM_API_KEY_${id}.jwe`), "utf8");
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const [folder = "none", ...others] = await readdir(join(home.path, "backups"));
  const copy = join(home.path, "backups", folder, "secrets", `LLM_API_KEY_${id}.jwe`);
  expect([await readFile(copy, "utf8"), others]).toEqual([before, []]);
  expect(server.log()).toContain(folder);
});

it("a home of a newer version is used, said, and can be given back to it", async () => {
  await using home = await copyOf("format-1", "http://127.0.0.1:9/v1");
  await writeFile(join(home.path, "home.json"), '{"format": 99}');
  await writeFile(
    join(home.path, "settings.json"),
    '{"language": {"from": "the future"}, "max_iterations": 7}',
  );
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const { warnings } = await server.client.system.get();
  expect(warnings[0]).toContain("newer OpenHands");
  expect((await server.client.settings.get()).max_iterations).toBe(7);
  expect((await server.client.events.search(id)).items.length).toBeGreaterThan(3);
  const [folder = "none"] = await readdir(join(home.path, "backups"));
  const kept = await readFile(join(home.path, "backups", folder, "settings.json"), "utf8");
  expect(kept).toContain("the future");
});
