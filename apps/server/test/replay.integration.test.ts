/** The demonstration's story with real Python, and the same once more, played from its recording. */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isKnown, parseEvent } from "@openhands/protocol";
import { temporaryHome } from "@openhands/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startServerProcess } from "./server-process.ts";

type Disposable<T> = T extends Promise<infer R> ? R : never;
let home: Disposable<ReturnType<typeof temporaryHome>>;
let server: Disposable<ReturnType<typeof startServerProcess>>;

beforeAll(async () => {
  home = await temporaryHome();
  server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

async function runWith(llm_model: string) {
  const { id } = await server.client.conversations.create({
    llm_model,
    initial_message: { content: "Fix the bug in my program", run: true },
  });
  using probe = probeConversation(server.client, id);
  return { id, info: await probe.state(settled) };
}

async function callsOf(id: string): Promise<unknown[]> {
  const text = await readFile(join(home.path, "conversations", id, "events.json"), "utf8");
  const rows = JSON.parse(text) as unknown[];
  const events = rows.map((row) => parseEvent(row)).filter((event) => isKnown(event));
  return events.flatMap((event) =>
    event.kind === "ActionEvent" ? [[event.tool_name, event.tool_call.arguments]] : [],
  );
}

const wordsOf = async (id: string): Promise<string> =>
  await readFile(join(home.path, "workspace", id, "words.txt"), "utf8");

it("a program is written, its failing test mended, and all of it played again by id and from a file", async () => {
  const first = await runWith("demo/tour");
  expect(first.info.execution_status).toBe("finished");
  const words = await wordsOf(first.id);
  expect(words).toContain("counter");

  const byId = await runWith(`replay/${first.id}`);
  expect(byId.info.execution_status).toBe("finished");
  expect(await callsOf(byId.id)).toEqual(await callsOf(first.id));
  expect(await wordsOf(byId.id)).toBe(words);

  const replays = join(home.path, "replays");
  await mkdir(replays, { recursive: true });
  const trajectory = join(home.path, "conversations", first.id, "trajectory.json");
  await copyFile(trajectory, join(replays, "mended.json"));
  const fromFile = await runWith("replay/mended");
  expect(await callsOf(fromFile.id)).toEqual(await callsOf(first.id));
  expect(await wordsOf(fromFile.id)).toBe(words);
});

it.each([
  ["replay/none", "There is no recording"],
  ["replay/../settings", "There is no recording"],
  ["replay//etc/passwd", "There is no recording"],
  ["replay/broken", "must be a JSON array of events"],
])("%s ends in a sentence", async (name, sentence) => {
  await mkdir(join(home.path, "replays"), { recursive: true });
  await writeFile(join(home.path, "replays", "broken.json"), '{"a": 1}');
  const { info } = await runWith(name);
  expect(info.error?.detail).toContain(sentence);
});
