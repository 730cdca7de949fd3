import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConversationId, type ConversationMetadata, noStats, type StoredEvent } from "@openhands/protocol";
import { messageDraft, temporaryHome } from "@openhands/testing";
import { describe, expect, test } from "vitest";
import { createConversationStore } from "./conversation-store.ts";
import { createLayout } from "./layout.ts";
import { createRedactor } from "./redactor.ts";

const id = ConversationId.parse("0123456789abcdef0123456789abcdef");
const otherId = ConversationId.parse("fedcba9876543210fedcba9876543210");

async function emptyStore() {
  const home = await temporaryHome();
  const layout = createLayout(home.path);
  const redactor = createRedactor();
  const store = createConversationStore({ layout, redactor });
  return { store, layout, redactor, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

const metadata = (lastSeq: number): ConversationMetadata => ({
  id,
  title: "A title",
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  execution_status: "idle",
  llm_model: null,
  stats: noStats,
  last_seq: lastSeq,
  last_user_message_id: null,
  tags: {},
  error: null,
  setup: {
    working_dir: "/workspace",
    working_dir_named: false,
    runtime: "local",
    network: "on",
    user: "owner",
    max_iterations: 10,
    tags: {},
  },
});

describe("conversations", () => {
  test("are made once, listed, and opened", async () => {
    await using kept = await emptyStore();
    const { store, layout } = kept;
    expect(await store.list()).toEqual([]);
    expect(await store.has(id)).toBe(false);
    await store.create(id);
    await store.create(otherId);
    await mkdir(join(layout.conversationsFolder, "not-a-conversation"));
    expect((await store.list()).toSorted()).toEqual([id, otherId]);
    expect(await store.has(id)).toBe(true);
    await expect(store.create(id)).rejects.toMatchObject({ code: "wrong_state" });
    expect((await stat(layout.conversationFolder(id))).mode & 0o777).toBe(0o700);
    expect(JSON.parse(await readFile(layout.eventsFile(id), "utf8"))).toEqual([]);
    const log = await store.open(id);
    expect(log).toMatchObject({ conversationId: id, lastSeq: -1, report: { healed: null } });
    await log.close();
  });

  test("have one open log at a time", async () => {
    await using kept = await emptyStore();
    await kept.store.create(id);
    const log = await kept.store.open(id);
    await expect(kept.store.open(id)).rejects.toMatchObject({ code: "wrong_state" });
    await log.close();
    await (await kept.store.open(id)).close();
    await expect(kept.store.open(otherId)).rejects.toMatchObject({ code: "not_found" });
  });

  test("keep the fields of their metadata that this version does not know", async () => {
    await using kept = await emptyStore();
    const { store, layout } = kept;
    await store.create(id);
    const path = layout.metadataFile(id);
    await writeFile(path, JSON.stringify({ ...metadata(3), title: "Before", starred: { by: "me" } }));
    await store.writeMetadata(metadata(4));
    await store.writeMetadata({ ...metadata(5), tags: { a: "b" } });
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    expect(value).toEqual({ ...metadata(5), tags: { a: "b" }, starred: { by: "me" } });
    for (const broken of ['{"id": "torn', "[1]", '"text"', "null", "\0\0"]) {
      await writeFile(path, broken);
      await store.writeMetadata(metadata(6));
      expect(await store.readMetadata(id), broken).toMatchObject({ last_seq: 6 });
    }
  });

  test("whose log is missing open as empty", async () => {
    await using kept = await emptyStore();
    await kept.store.create(id);
    await rm(kept.layout.eventsFile(id));
    const log = await kept.store.open(id);
    expect(log.lastSeq).toBe(-1);
    await log.close();
  });

  test("go to the trash, as often as they are made again; purged, nothing of them is left", async () => {
    await using kept = await emptyStore();
    const { store, layout } = kept;
    await mkdir(layout.workspaceFolder(id), { recursive: true });
    for (let round = 0; round < 2; round += 1) {
      await store.create(id);
      await store.remove(id, { purge: false });
      await store.remove(id, { purge: false });
      expect(await store.has(id)).toBe(false);
    }
    const trash = await readdir(layout.trashFolder);
    expect(trash).toHaveLength(2);
    expect(await readdir(join(layout.trashFolder, trash[0] ?? ""))).toEqual(["events.json"]);
    await store.create(id);
    await store.remove(id, { purge: true });
    await store.remove(id, { purge: true });
    expect(await readdir(layout.trashFolder)).toEqual([]);
    expect(await store.list()).toEqual([]);
    expect(await readdir(layout.workspacesFolder)).toEqual([id]);
  });
});

describe("metadata", () => {
  test("is null when missing or broken", async () => {
    await using kept = await emptyStore();
    const { store, layout } = kept;
    await store.create(id);
    expect(await store.readMetadata(id)).toBeNull();
    expect(await store.readCurrentMetadata(id)).toBeNull();
    await store.writeMetadata(metadata(-1));
    expect(await store.readMetadata(id)).toEqual(metadata(-1));
    for (const broken of ["{", "{}", ""]) {
      await writeFile(layout.metadataFile(id), broken);
      expect(await store.readMetadata(id)).toBeNull();
    }
  });

  test("is stale when the log was written after it or holds more than it knows", async () => {
    await using kept = await emptyStore();
    const { store, layout } = kept;
    await store.create(id);
    const log = await store.open(id);
    await log.append([messageDraft("x")]);
    await store.writeMetadata(metadata(0));
    expect(await store.readCurrentMetadata(id)).not.toBeNull();
    await log.append([messageDraft("y")]);
    expect(await store.readCurrentMetadata(id)).toBeNull();
    await store.writeMetadata(metadata(1));
    expect(await store.readCurrentMetadata(id)).not.toBeNull();
    const later = new Date(Date.now() + 60_000);
    await utimes(layout.eventsFile(id), later, later);
    expect(await store.readCurrentMetadata(id)).toBeNull();
    await log.close();
  });
});

test("the trajectory holds what was said and done, in order, without secrets", async () => {
  await using kept = await emptyStore();
  const { store, layout } = kept;
  await store.create(id);
  const log = await store.open(id);
  const call = { tool_name: "terminal", tool_call_id: "call-1" };
  const said = await log.append([messageDraft("token-that-came-out")]);
  await log.append([
    { kind: "ConversationStateUpdateEvent", source: "environment", key: "title", value: "T" },
  ]);
  const [action] = await log.append([
    {
      kind: "ActionEvent",
      source: "agent",
      thought: [],
      action: { kind: "TerminalAction", command: "ls" },
      tool_call: { id: "call-1", name: "terminal", arguments: "{}" },
      llm_response_id: "r",
      security_risk: "LOW",
      ...call,
    },
  ]);
  const [observation] = await log.append([
    {
      kind: "ObservationEvent",
      source: "environment",
      observation: { kind: "TerminalObservation", content: [], is_error: false },
      action_id: action?.id ?? "",
      ...call,
    },
  ]);
  kept.redactor.add("token-that-came-out");
  await Promise.all([store.extendTrajectory(log), store.extendTrajectory(log)]);
  const text = await readFile(layout.trajectoryFile(id), "utf8");
  const trajectory: StoredEvent[] = JSON.parse(text);
  expect(trajectory.map(({ seq }) => seq)).toEqual([0, 2, 3]);
  expect(trajectory.slice(1)).toEqual([action, observation]);
  expect(trajectory[0]?.id).toBe(said[0]?.id);
  expect(text).not.toContain("token-that-came-out");
  expect(await readdir(layout.conversationFolder(id))).toEqual(["events.json", "trajectory.json"]);
  await log.close();
});

test("the trajectory is extended where it ends, and mended or made anew where it is torn or another's", async () => {
  await using kept = await emptyStore();
  const { store, layout } = kept;
  await store.create(id);
  const log = await store.open(id);
  const path = layout.trajectoryFile(id);
  const read = async () => JSON.parse(await readFile(path, "utf8")).map(({ seq }: StoredEvent) => seq);
  await store.extendTrajectory(log);
  expect(await read()).toEqual([]);
  await log.append([messageDraft("first"), messageDraft("second")]);
  await store.extendTrajectory(log);
  expect(await read()).toEqual([0, 1]);
  const whole = await readFile(path, "utf8");
  // what is there is not written again: a mark in it stays
  await writeFile(path, whole.replace("first", "FIRST"));
  await log.append([messageDraft("third")]);
  await store.extendTrajectory(log);
  expect(await read()).toEqual([0, 1, 2]);
  expect(await readFile(path, "utf8")).toContain("FIRST");
  for (const torn of [
    "",
    "[",
    "garbage",
    "[]",
    whole.slice(0, -1),
    whole.slice(0, -9),
    `${whole.slice(0, -3)},\n{"se`,
  ]) {
    await writeFile(path, torn);
    await store.extendTrajectory(log);
    expect(await read(), torn).toEqual([0, 1, 2]);
  }
  const foreign = JSON.stringify({ ...JSON.parse(whole)[0], seq: 900 });
  await writeFile(path, `[\n${foreign}\n]\n`);
  await store.extendTrajectory(log);
  expect(await read()).toEqual([0, 1, 2]);
  await log.close();
});
