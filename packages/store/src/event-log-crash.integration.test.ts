/** The log under what a machine does to it: processes killed in mid-append, and a disk without room. */
import { execFileSync } from "node:child_process";
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConversationId, type EventDraft, type StoredEvent } from "@openhands/protocol";
import { messageDraft, temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { openEventLog, type OpenEventLog } from "./event-log.ts";
import { createRedactor } from "./redactor.ts";
import { surviveKills } from "../test/survive-kills.ts";

const open = (path: string): Promise<OpenEventLog> =>
  openEventLog({
    path,
    conversationId: ConversationId.parse("0123456789abcdef0123456789abcdef"),
    redactor: createRedactor(),
  });

test("two hundred kills within a write lose no acknowledged event and leave the log whole", async () => {
  await surviveKills(200);
}, 300_000);

/** A file system of 64 kB. */
async function tinyDisk() {
  const home = await temporaryHome();
  const path = join(home.path, "disk");
  await mkdir(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", path]);
  return {
    path,
    async [Symbol.asyncDispose]() {
      // lazily: a test that failed may still hold a file open
      execFileSync("umount", ["--lazy", path]);
      await home[Symbol.asyncDispose]();
    },
  };
}

const asJson = async (path: string): Promise<StoredEvent[]> => JSON.parse(await readFile(path, "utf8"));

test("a full disk refuses the append, leaves the log valid and readable, and takes the next when there is room", async () => {
  await using disk = await tinyDisk();
  const path = join(disk.path, "events.json");
  const ballast = join(disk.path, "ballast");
  await writeFile(ballast, "x".repeat(20_000));
  const log = await open(path);
  const told: number[] = [];
  log.subscribe((event) => told.push(event.seq));
  const draft: EventDraft = messageDraft("y".repeat(3000));
  let kept = 0;
  const fillUp = async (): Promise<never> => {
    for (;;) {
      await log.append([draft]);
      kept += 1;
    }
  };
  await expect(fillUp()).rejects.toMatchObject({
    code: "disk_full",
    message: expect.stringContaining("free some space"),
  });
  expect(kept).toBeGreaterThan(5);
  expect(log.lastSeq).toBe(kept - 1);
  expect(await asJson(path)).toHaveLength(kept);
  expect(await log.page({ limit: 100, order: "descending" })).toHaveLength(kept);

  await expect(log.append([draft])).rejects.toMatchObject({ code: "disk_full" });
  await rm(ballast);
  const [row] = await log.append([draft]);
  expect(row?.seq).toBe(kept);
  expect(told).toEqual(Array.from({ length: kept + 1 }, (_, seq) => seq));
  await log.close();
  expect(await asJson(path)).toHaveLength(kept + 1);
});

test("a torn tail on a full disk is neither lost nor in the way of reading", async () => {
  await using disk = await tinyDisk();
  const path = join(disk.path, "events.json");
  const ballast = join(disk.path, "ballast");
  const before = await open(path);
  const rows = await before.append([messageDraft("kept")]);
  await before.close();
  const torn = `,\n{"seq":1,"half":"${"z".repeat(5000)}`;
  const whole = (await readFile(path, "utf8")).slice(0, -3);
  await writeFile(path, whole + torn);
  await expect(writeFile(ballast, "x".repeat(100_000))).rejects.toMatchObject({ code: "ENOSPC" });

  const log = await open(path);
  expect(await Array.fromAsync(log.read())).toEqual(rows);
  await expect(log.append([messageDraft("no room")])).rejects.toMatchObject({ code: "disk_full" });
  expect(await readFile(path, "utf8")).toBe(whole + torn);
  expect(log.report.healed).toBeNull();

  await rm(ballast);
  const [next] = await log.append([messageDraft("room again")]);
  expect(next?.seq).toBe(1);
  expect(log.report.healed?.bytes).toBe(torn.length);
  await log.close();
  expect(await asJson(path)).toEqual([...rows, next]);
  const aside = (await readdir(disk.path)).find((name) => name.startsWith("events.json.torn-"));
  expect(await readFile(join(disk.path, aside ?? ""), "utf8")).toBe(torn);
});

test("a log on a read-only disk is read, refuses appends, and takes them when the disk is writable again", async () => {
  await using disk = await tinyDisk();
  const path = join(disk.path, "events.json");
  const remount = (how: string): unknown => execFileSync("mount", ["-o", `remount,${how}`, disk.path]);
  const before = await open(path);
  const rows = await before.append([messageDraft("kept")]);
  await before.close();
  // torn, too: what must be set aside waits as well
  await appendFile(path, "torn");
  remount("ro");
  const log = await open(path);
  expect(await Array.fromAsync(log.read())).toEqual(rows);
  await expect(log.append([messageDraft("refused")])).rejects.toMatchObject({
    code: "disk_full",
    message: expect.stringContaining("read-only"),
  });
  expect(await log.at(0)).toEqual(rows[0]);
  remount("rw");
  const [next] = await log.append([messageDraft("taken")]);
  expect(log.report.healed?.bytes).toBeGreaterThan(3);
  await log.close();
  expect(await asJson(path)).toEqual([...rows, next]);
});
