/** `kill -9` in mid-run: nothing acknowledged is lost, nothing old goes on, the conversation continues. */
import { execFile } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ConversationId, emptyState, type StoredEvent } from "@openhands/protocol";
import { answer, call, hang, historyFault, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { metadataOf } from "../src/conversations/conversation-info.ts";
import { probeConversation, settled } from "./conversation-probe.ts";
import { startScriptedServer } from "./scripted-server.ts";
import { startServerProcess } from "./server-process.ts";

/** Processes on this machine, containers included, with `marker` in their command line. */
async function processesWith(marker: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid,args"]);
  return stdout.split("\n").filter((line) => line.includes(marker) && !line.includes("ps -eo"));
}

const isOpenAction = (event: StoredEvent): boolean => event.kind === "ActionEvent";

describe.each(["docker", "bubblewrap"] as const)("in %s", (runtime) => {
  it("closes what was open, ends the old command, and continues on a message", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    const env = { LLM_BASE_URL: llm.url, LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-0123456789" };
    const marker = `31${Math.floor(Math.random() * 1e7)}`;
    llm.push(
      call("terminal", { command: "echo kept > kept.txt; mkdir sub; cd sub; export MOOD=fine" }),
      call("terminal", { command: `sleep ${marker}` }),
    );
    const first = await startServerProcess({ home: home.path, runtime, env });
    const { id } = await first.client.conversations.create({
      initial_message: { content: "Wait long", run: true },
    });
    let seen: StoredEvent[];
    {
      using probe = probeConversation(first.client, id);
      await probe.event((event) => isOpenAction(event) && JSON.stringify(event).includes(marker));
      await expect
        .poll(async () => await processesWith(`sleep ${marker}`), { timeout: 60_000 })
        .not.toEqual([]);
      await first.kill();
      seen = [...probe.events];
    }

    await using second = await startServerProcess({ home: home.path, runtime, env });
    using probe = probeConversation(second.client, id);
    const info = await probe.state((state) => state.execution_status === "paused");
    expect(info.id).toBe(ConversationId.parse(id));
    const closed = await probe.event((event) => event.kind === "AgentErrorEvent");
    expect(JSON.stringify(closed)).toContain("A restart occurred while this tool was in progress");
    expect(probe.events.slice(0, seen.length)).toEqual(seen);
    await probe.state((state) => state.sandbox_status !== "creating");
    await expect.poll(async () => await processesWith(`sleep ${marker}`)).toEqual([]);

    llm.push(call("terminal", { command: "cat ../kept.txt; pwd; echo $MOOD" }), say("It was kept."));
    await second.client.events.send(id, { content: "Go on", run: true });
    await probe.event((event) => JSON.stringify(event).includes("It was kept."));
    expect((await probe.state(settled)).execution_status).toBe("finished");
    const answers = probe.events.filter((event) =>
      ["ObservationEvent", "AgentErrorEvent"].includes(event.kind),
    );
    const actions = probe.events.filter(isOpenAction);
    expect(answers).toHaveLength(actions.length);
    const last = JSON.stringify(answers.at(-1));
    expect(last).toMatch(/kept\\n[^"]*\/sub\\nfine"/);
    const told = { docker: "OpenHands was restarted", bubblewrap: "The sandbox is a fresh one" };
    expect(last).toContain(told[runtime]);
  });
});

it("what was answered before the kill is not answered again, and the run goes on from it", async () => {
  await using scripted = await startScriptedServer();
  const { llm } = scripted;
  llm.push(call("terminal", { command: "echo once >> lines.txt" }), hang());
  const { id } = await scripted.server.client.conversations.create({
    initial_message: { content: "Write a line", run: true },
  });
  // the observation is on disk: the next request holds it
  await llm.waitForRequest(2);
  await scripted.restart();
  const { client } = scripted.server;
  using probe = probeConversation(client, id);
  await probe.state((state) => state.execution_status === "paused");
  llm.push(call("terminal", { command: "cat lines.txt" }), say("There is one."));
  await client.events.send(id, { content: "Go on", run: true });
  await probe.event((event) => JSON.stringify(event).includes("There is one."));
  expect((await probe.state(settled)).execution_status).toBe("finished");
  expect(probe.events.filter(({ kind }) => kind === "AgentErrorEvent")).toEqual([]);
  const observations = probe.events.filter(({ kind }) => kind === "ObservationEvent");
  expect(observations).toHaveLength(2);
  expect(JSON.stringify(observations.at(-1))).toContain('"once"');
  expect(historyFault(llm.requests.at(-1)?.body.messages ?? [])).toBeNull();
});

it("a conversation whose making was cut off before its first event is made when it is asked for again", async () => {
  await using scripted = await startScriptedServer();
  const { client } = scripted.server;
  const id = ConversationId.parse("c".repeat(32));
  await mkdir(join(scripted.home.path, "conversations", id), { recursive: true });
  scripted.llm.push(say("Here."));
  const request = { conversation_id: id, initial_message: { content: "hello", run: true } };
  expect((await client.conversations.create(request)).id).toBe(id);
  using probe = probeConversation(client, id);
  expect((await probe.state(settled)).execution_status).toBe("finished");
  await client.conversations.create(request);
  expect(scripted.llm.requests).toHaveLength(1);
});

it("one that nobody asks for again is gone after the next start, but where anything was kept of it", async () => {
  await using home = await temporaryHome();
  const idOf = (letter: string): string => letter.repeat(32);
  const folder = async (room: string, letter: string): Promise<string> => {
    const path = join(home.path, room, idOf(letter));
    await mkdir(path, { recursive: true });
    return path;
  };
  await folder("conversations", "a");
  await writeFile(join(await folder("conversations", "b"), "events.json"), "[\n]\n");
  await folder("workspace", "b");
  await writeFile(join(await folder("conversations", "c"), "events.json"), "[\n]\n");
  await writeFile(join(await folder("workspace", "c"), "work"), "of somebody");
  await writeFile(join(await folder("conversations", "d"), "events.json"), '[\n{"id": "torn');
  await writeFile(join(await folder("conversations", "e"), "events.json"), "[\n]\n");
  await writeFile(join(await folder("conversations", "e"), "notes"), "of somebody");
  await writeFile(join(await folder("conversations", "f"), "events.json"), "");
  const told = { ...metadataOf(ConversationId.parse(idOf("f")), emptyState), title: "Lost", last_seq: 5 };
  await writeFile(join(await folder("conversations", "f"), "metadata.json"), JSON.stringify(told));
  for (let start = 0; start < 2; start += 1) {
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
    const listed = async () => {
      const { items, incomplete } = await server.client.conversations.search();
      return { ids: items.map(({ id }) => id).toSorted(), incomplete };
    };
    const left = { ids: ["c", "d", "e", "f"].map(idOf), incomplete: null };
    await expect.poll(listed).toEqual(left);
  }
  expect((await readdir(join(home.path, "conversations"))).toSorted()).toEqual(
    ["c", "d", "e", "f"].map(idOf),
  );
  expect(await readdir(join(home.path, "workspace"))).toEqual([idOf("c")]);
});

it("several open actions of one answer are each closed once, none is run again, and a message continues", async () => {
  await using scripted = await startScriptedServer();
  const { llm } = scripted;
  const { id } = await scripted.server.client.conversations.create();
  {
    using probe = probeConversation(scripted.server.client, id);
    const create = (name: string) => ({
      name: "file_editor",
      arguments: { command: "create", path: `/workspace/${name}`, file_text: name },
    });
    const long = { name: "terminal", arguments: { command: "echo ran | tee -a runs.txt; sleep 1000" } };
    llm.push(answer({ calls: [long, create("one"), create("two")] }));
    await scripted.server.client.events.send(id, { content: "make them", run: true });
    await probe.transient((event) => event.kind === "ToolOutputDeltaEvent");
    await scripted.restart();
  }
  const { client } = scripted.server;
  using probe = probeConversation(client, id);
  llm.push(call("terminal", { command: "echo found: $(ls -A) $(cat runs.txt)." }), say("That is all."));
  await client.events.send(id, { content: "Go on", run: true });
  await probe.event((event) => JSON.stringify(event).includes("That is all."));
  const called = probe.events.filter(isOpenAction).map((event) => event["tool_call_id"]);
  const closed = probe.events.filter((event) => event.kind === "AgentErrorEvent");
  expect(closed.map((event) => event["tool_call_id"])).toEqual(called.slice(0, 3));
  for (const event of closed) expect(JSON.stringify(event)).toContain("A restart occurred");
  const observed = probe.events.filter((event) => event.kind === "ObservationEvent");
  expect(observed.map((event) => event["tool_call_id"])).toEqual(called.slice(3));
  expect(JSON.stringify(observed)).toContain("found: runs.txt ran.");
  expect(llm.requests.map(({ body }) => historyFault(body.messages))).toEqual([null, null, null]);
});

it("messages to an agent at work outlive it in their order, and each is in the next request once", async () => {
  await using scripted = await startScriptedServer();
  const { llm } = scripted;
  const messages = ["the first", "a second", "a third that is urgent", "a fourth", "a fifth after the end"];
  const [first = "", second = "", third = "", fourth = "", fifth = ""] = messages;
  llm.push(call("terminal", { command: "sleep 1000" }), hang("Urgent it is"));
  const { id } = await scripted.server.client.conversations.create();
  const send = async (content: string, how: { run?: true; delivery?: "steer" | "interrupt" }) =>
    await scripted.server.client.events.send(id, { content, ...how });
  {
    using probe = probeConversation(scripted.server.client, id);
    await send(first, { run: true });
    await probe.event(isOpenAction);
    await send(second, { delivery: "steer" });
    await send(third, { delivery: "interrupt" });
    await llm.waitForRequest(2);
    await send(fourth, { delivery: "steer" });
    await scripted.restart();
  }
  using probe = probeConversation(scripted.server.client, id);
  llm.push(say("All of them."));
  await send(fifth, { run: true });
  await probe.event((event) => JSON.stringify(event).includes("All of them."));
  const told = (texts: readonly unknown[]): number[] =>
    texts.map((text) => messages.findIndex((message) => JSON.stringify(text).includes(message)));
  const stored = probe.events.filter((event) => event.kind === "MessageEvent" && event.source === "user");
  expect(told(stored)).toEqual([0, 1, 2, 3, 4]);
  const users = llm.requests.map(({ body }) => body.messages.filter(({ role }) => role === "user"));
  expect(
    users.map((each) => messages.map((message) => JSON.stringify(each).split(message).length - 1)),
  ).toEqual([
    [1, 0, 0, 0, 0],
    [1, 1, 1, 0, 0],
    [1, 1, 1, 1, 1],
  ]);
  const last = JSON.stringify(users.at(-1));
  const places = messages.map((message) => last.indexOf(message));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});
