/**
 * The temporary files of documents (`documents.ts`). A process that is killed in the midst of a write leaves its own,
 * maybe with a key in it. The name tells who writes: what a process left that is gone is removed, never one that a
 * process still writes, be it this one.
 */
import { randomUUID } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "./disk-failure.ts";

/** Tells this process from an earlier one of its number: in a container there is often but one number. */
const thisProcess = randomUUID();

const namePattern = /\.(\d+)-([\da-f-]{36})-[\da-f-]{36}\.tmp$/;

/** Where the new content of the file at `path` is written before it takes its place; another one each time. */
export function temporaryPath(path: string): string {
  return `${path}.${process.pid}-${thisProcess}-${randomUUID()}.tmp`;
}

/** Removes from a folder what killed processes left. What can't be removed stays: nothing depends on it. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.allSettled(names.filter(isLeftOver).map(async (name) => await rm(join(folder, name))));
}

function isLeftOver(name: string): boolean {
  const [, pid, writer] = namePattern.exec(name) ?? [];
  if (pid === undefined || writer === thisProcess) return false;
  return Number(pid) === process.pid || !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) !== "ESRCH";
  }
}
