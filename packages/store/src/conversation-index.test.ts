import { mkdir, rm, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { ConversationId, type ConversationMetadata, noStats } from "@openhands/protocol";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { openConversationIndex } from "./conversation-index.ts";
import { createLayout } from "./layout.ts";
import type { ConversationIndex, ConversationQuery } from "./store.ts";

const idOf = (number: number) => ConversationId.parse(number.toString(16).padStart(32, "0"));

const metadata = (number: number, change: Partial<ConversationMetadata> = {}): ConversationMetadata => ({
  id: idOf(number),
  title: `Title ${number}`,
  created_at: `2026-01-01T00:00:${String(number).padStart(2, "0")}.000Z`,
  updated_at: `2026-01-02T00:00:${String(59 - number).padStart(2, "0")}.000Z`,
  execution_status: "idle",
  llm_model: null,
  stats: noStats,
  last_seq: 3,
  last_user_message_id: null,
  tags: {},
  error: null,
  setup: null,
  ...change,
});

async function emptyIndex() {
  const home = await temporaryHome();
  const path = createLayout(home.path).indexFile;
  const losses: unknown[] = [];
  const open = async () => await openConversationIndex({ path, onLoss: (cause) => losses.push(cause) });
  const index = await open();
  return {
    index,
    path,
    losses,
    open,
    [Symbol.asyncDispose]: async () => {
      index.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

const everything: ConversationQuery = {
  limit: 100,
  orderBy: "created_at",
  descending: true,
  status: null,
  query: null,
  pageId: null,
};

function titles(index: ConversationIndex, query: Partial<ConversationQuery> = {}): (string | null)[] {
  return index.search({ ...everything, ...query }).items.map(({ title }) => title);
}

function put(index: ConversationIndex, change: ConversationMetadata, ...texts: string[]): void {
  index.put([{ metadata: change, texts: texts.map((text, seq) => ({ seq, text })), textsAfter: -1 }]);
}

test("pages go on where the last one ended, in every order, whatever comes and goes between them", async () => {
  await using kept = await emptyIndex();
  const { index } = kept;
  for (let number = 1; number <= 7; number += 1) put(index, metadata(number));
  expect(titles(index, { limit: 3 })).toEqual(["Title 7", "Title 6", "Title 5"]);
  const { nextPageId: pageId } = index.search({ ...everything, limit: 3 });
  index.remove([idOf(4)]);
  put(index, metadata(8));
  expect(titles(index, { limit: 2, pageId })).toEqual(["Title 3", "Title 2"]);
  expect(titles(index, { limit: 2, descending: false })).toEqual(["Title 1", "Title 2"]);
  expect(titles(index, { limit: 2, orderBy: "updated_at" })).toEqual(["Title 1", "Title 2"]);
  expect(index.search(everything).nextPageId).toBeNull();
  for (const unknown of ["nonsense", "", idOf(3), "'; DROP TABLE conversations"]) {
    expect(index.search({ ...everything, pageId: unknown })).toEqual(index.search(everything));
  }
});

test("conversations are found by status and by words of title and messages", async () => {
  await using kept = await emptyIndex();
  const { index } = kept;
  put(
    index,
    metadata(1, { title: "Fix the Retry test" }),
    "It fails on Tuesdays: 50% of the time",
    "naïve café",
  );
  put(
    index,
    metadata(2, { title: "Émile", execution_status: "running" }),
    "重试测试失败了",
    'say "hello" OR NOT',
  );
  put(index, metadata(3, { title: null }), "an_underscore");
  const found = (query: string) => titles(index, { query });
  expect(found("retry")).toEqual(["Fix the Retry test"]);
  expect(found("  tuesday   RETRY ")).toEqual(["Fix the Retry test"]);
  expect(found("tuesday missing")).toEqual([]);
  expect(found("emile")).toEqual(["Émile"]);
  expect(found("cafe")).toEqual(["Fix the Retry test"]);
  expect(found("测试失败")).toEqual(["Émile"]);
  expect(found("测试")).toEqual(["Émile"]);
  expect(found("0%")).toEqual(["Fix the Retry test"]);
  expect(found("n_")).toEqual([null]);
  expect(found('"hello" OR')).toEqual(["Émile"]);
  expect(found('* NEAR( " \0 -')).toEqual([]);
  expect(titles(index, { status: "running" })).toEqual(["Émile"]);
  expect(index.count({ status: "idle", query: null })).toBe(2);
  expect(index.count({ status: "idle", query: "on tuesdays" })).toBe(1);
});

test("a new title replaces the old one, and what is deleted is found no more", async () => {
  await using kept = await emptyIndex();
  const { index } = kept;
  put(index, metadata(1, { title: "Before" }), "the message");
  put(index, metadata(1, { title: "Afterwards" }));
  expect(titles(index, { query: "before" })).toEqual([]);
  expect(titles(index, { query: "afterwards message" })).toEqual(["Afterwards"]);
  index.remove([idOf(1), idOf(2)]);
  expect(titles(index, { query: "message" })).toEqual([]);
  expect(index.ids()).toEqual([]);
});

test("it knows up to where it has the messages, and does not take a gap for knowledge", async () => {
  await using kept = await emptyIndex();
  const { index } = kept;
  index.put([{ metadata: metadata(1), texts: [{ seq: 3, text: "third" }], textsAfter: 2 }]);
  expect([index.textsUpTo(idOf(1)), index.isCurrent(metadata(1))]).toEqual([-1, false]);
  put(index, metadata(1), "zero", "one", "two");
  expect([index.textsUpTo(idOf(1)), index.isCurrent(metadata(1))]).toEqual([3, true]);
  index.put([{ metadata: metadata(1, { last_seq: 5 }), texts: [{ seq: 5, text: "fifth" }], textsAfter: 3 }]);
  expect(index.textsUpTo(idOf(1))).toBe(5);
  expect(index.isCurrent(metadata(1))).toBe(false);
  put(index, metadata(1, { last_seq: 1 }), "another log");
  expect(titles(index, { query: "fifth" })).toEqual([]);
  expect(index.textsUpTo(idOf(1))).toBe(1);
});

test("what was put is there after a restart; a killed writer is no loss", async () => {
  await using kept = await emptyIndex();
  put(kept.index, metadata(1), "words");
  // not closed: as after kill -9, what is not in the main file is in the write-ahead log
  const again = await kept.open();
  expect(titles(again, { query: "words" })).toEqual(["Title 1"]);
  again.close();
  expect(kept.losses).toEqual([]);
});

test("garbage, a cut file, another version, a folder: it is made anew, says so, and works", async () => {
  await using home = await temporaryHome();
  const { indexFile: path } = createLayout(home.path);
  const damages: [string, number, () => Promise<unknown>][] = [
    ["garbage", 1, async () => await writeFile(path, "garbage ".repeat(1000))],
    ["empty", 0, async () => await writeFile(path, "")],
    ["a folder", 2, async () => await mkdir(path)],
    [
      "another version",
      0,
      async () => {
        const database = new DatabaseSync(path);
        database.exec("CREATE TABLE conversations (other TEXT); PRAGMA user_version = 99");
        database.close();
      },
    ],
  ];
  for (const [what, expected, damage] of damages) {
    await rm(path, { recursive: true, force: true });
    await damage();
    const losses: unknown[] = [];
    const index = await openConversationIndex({ path, onLoss: (cause) => losses.push(cause) });
    expect(losses, what).toHaveLength(expected);
    expect(index.losses, what).toBe(Math.min(expected, 1));
    put(index, metadata(1), "words");
    expect(titles(index, { query: "words" }), what).toEqual(["Title 1"]);
    index.close();
  }
});

test("a row that can't be read is a loss while it runs, and it goes on empty", async () => {
  await using kept = await emptyIndex();
  put(kept.index, metadata(1));
  const other = new DatabaseSync(kept.path);
  other.exec("UPDATE conversations SET metadata = '{'");
  other.close();
  expect(titles(kept.index)).toEqual([]);
  expect(kept.losses).toHaveLength(1);
  put(kept.index, metadata(2));
  expect(titles(kept.index)).toEqual(["Title 2"]);
});
