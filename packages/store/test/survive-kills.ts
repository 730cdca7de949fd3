/** The property that every crash must keep, tried with as many kills as a test has time for. */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConversationId } from "@openhands/protocol";
import { temporaryHome } from "@openhands/testing";
import { expect } from "vitest";
import { openEventLog } from "../src/event-log.ts";
import { createRedactor } from "../src/redactor.ts";

const appender = fileURLToPath(new URL("append-until-killed.ts", import.meta.url));
/** at the same time */
const logs = 4;
/** a log that grows on makes each look at it slower */
const killsPerLog = 50;

/**
 * Processes append to logs and are killed (SIGKILL) within a write; after each the log is opened again and must hold
 * every acknowledged event in its place, without a gap, as valid JSON.
 * @param kills in all; a multiple of 200
 */
export async function surviveKills(kills: number): Promise<void> {
  await using home = await temporaryHome();
  const cache = join(home.path, "compile-cache");
  for (let done = 0; done < kills; done += logs * killsPerLog) {
    const paths = Array.from({ length: logs }, (_, log) => join(home.path, `${done}-${log}`, "events.json"));
    await Promise.all(paths.map(async (path) => await surviveOn(path, cache)));
  }
  const files = await readdir(home.path, { recursive: true });
  // some writes were torn, else this has tried nothing
  expect(files.filter((name) => name.includes("events.json.torn-")).length).toBeGreaterThan(kills / 20);
}

async function surviveOn(path: string, cache: string): Promise<void> {
  const acknowledged = new Map<number, string>();
  await mkdir(dirname(path));
  await openAndClose(path, acknowledged);
  for (let kill = 0; kill < killsPerLog; kill += 1) {
    for (const { seq, id } of await appendUntilKilled(path, cache)) acknowledged.set(seq, id);
    await openAndClose(path, acknowledged);
  }
  expect(acknowledged.size).toBeGreaterThan(killsPerLog);
}

/** What was acknowledged before the end. */
async function appendUntilKilled(path: string, cache: string): Promise<{ seq: number; id: string }[]> {
  const fatalWrite = String(1 + Math.floor(Math.random() * 8));
  const output = await new Promise<string>((resolve, reject) => {
    const env = { ...process.env, NODE_COMPILE_CACHE: cache };
    execFile(process.execPath, [appender, path, fatalWrite], { env }, (error, stdout, stderr) => {
      if (error?.signal === "SIGKILL") resolve(stdout);
      else reject(new Error(`the appender ended by itself: ${stderr}`));
    });
  });
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line): { seq: number; id: string } => JSON.parse(line));
}

async function openAndClose(path: string, acknowledged: ReadonlyMap<number, string>): Promise<void> {
  const conversationId = ConversationId.parse("0123456789abcdef0123456789abcdef");
  const log = await openEventLog({ path, conversationId, redactor: createRedactor() });
  const rows = await Array.fromAsync(log.read());
  await log.close();
  expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index));
  expect(rows.every((row) => row.kind === "MessageEvent")).toBe(true);
  const lost = [...acknowledged].filter(([seq, id]) => rows[seq]?.id !== id);
  expect(lost).toEqual([]);
  const kept: unknown = JSON.parse(await readFile(path, "utf8"));
  expect(kept).toEqual(rows);
}
