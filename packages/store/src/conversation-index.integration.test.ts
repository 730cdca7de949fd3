/** The index on a disk that has no room for it: listing and search go on from memory. */
import { execFileSync } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConversationId, type ConversationMetadata, noStats } from "@openhands/protocol";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { openConversationIndex } from "./conversation-index.ts";
import type { ConversationIndex } from "./store.ts";

const metadata = (number: number): ConversationMetadata => ({
  id: ConversationId.parse(number.toString(16).padStart(32, "0")),
  title: `Title ${number}`,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
  execution_status: "idle",
  llm_model: null,
  stats: noStats,
  last_seq: 0,
  last_user_message_id: null,
  tags: {},
  error: null,
  setup: null,
});

/** A file system of 512 kB. */
async function smallDisk() {
  const home = await temporaryHome();
  const path = join(home.path, "disk");
  await mkdir(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", path]);
  return {
    path,
    async [Symbol.asyncDispose]() {
      execFileSync("umount", ["--lazy", path]);
      await home[Symbol.asyncDispose]();
    },
  };
}

function put(index: ConversationIndex, number: number, text: string): void {
  index.put([{ metadata: metadata(number), texts: [{ seq: 0, text }], textsAfter: -1 }]);
}

function found(index: ConversationIndex, query: string | null): (string | null)[] {
  const page = { limit: 100, orderBy: "created_at", descending: false, status: null, pageId: null } as const;
  return index.search({ ...page, query }).items.map(({ title }) => title);
}

test("filled while it is open, it says that it was lost, and what follows is found", async () => {
  await using disk = await smallDisk();
  const losses: unknown[] = [];
  const path = join(disk.path, "index.sqlite");
  const index = await openConversationIndex({ path, onLoss: (cause) => losses.push(cause) });
  put(index, 1, "a heron");
  expect(found(index, "heron")).toEqual(["Title 1"]);
  await writeFile(join(disk.path, "ballast"), "x".repeat(1 << 20)).catch(() => undefined);
  for (let number = 2; index.losses === 0; number += 1) put(index, number, `bittern ${number} `.repeat(2000));
  expect(losses.length).toBeGreaterThan(0);
  // whoever fills it begins anew
  put(index, 1, "a heron again");
  expect(found(index, "again")).toEqual(["Title 1"]);
  put(index, 900, `grebe ${"x".repeat(800_000)}`);
  expect(found(index, "grebe")).toEqual(["Title 900"]);
  index.close();
});

test("opened on a full disk it is in memory, and on disk at the next start with room", async () => {
  await using disk = await smallDisk();
  const path = join(disk.path, "index.sqlite");
  const open = async () => await openConversationIndex({ path, onLoss: () => {} });
  const ballast = join(disk.path, "ballast");
  await writeFile(ballast, "x".repeat(1 << 20)).catch(() => undefined);
  const index = await open();
  put(index, 1, "a heron");
  expect(found(index, "heron")).toEqual(["Title 1"]);
  expect(index.losses).toBeGreaterThan(0);
  index.close();
  await writeFile(ballast, "");
  const again = await open();
  put(again, 2, "an osprey");
  again.close();
  expect(found(await open(), null)).toEqual(["Title 2"]);
  expect(await readdir(disk.path)).toContain("index.sqlite");
});
