/**
 * One owner per home: an exclusive SQLite transaction that stays open as long as the server lives. The kernel frees it
 * with the process, `kill -9` included, so there is no stale lock to clean up.
 */
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "@openhands/protocol";
import { diskFailure, errorCode } from "./disk-failure.ts";
import { makeFolder } from "./documents.ts";
import type { Layout } from "./layout.ts";
import { readServerFile } from "./server-file.ts";

export interface InstanceLock {
  /** Idempotent. */
  release(): void;
}

const SQLITE_BUSY = 5;

/** @throws AppError `wrong_state` when another process owns the home */
export async function acquireInstanceLock(layout: Layout): Promise<InstanceLock> {
  await makeFolder(dirname(layout.lockFile));
  await makeLockFile(layout.lockFile);
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(layout.lockFile);
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw isBusy(error) ? await taken(layout, error) : error;
  }
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}

/**
 * Makes the file with our own mode. Only ever made, never opened when it exists: closing a second descriptor would drop
 * the POSIX locks that this process holds on the file.
 */
async function makeLockFile(path: string): Promise<void> {
  try {
    await (await open(path, "wx", 0o600)).close();
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw diskFailure(error);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

async function taken(layout: Layout, cause: unknown): Promise<AppError> {
  const server = await readServerFile(layout);
  const where = server === null ? "" : ` at ${server.url} (process ${server.pid})`;
  const message = `Another OpenHands server${where} owns ${layout.home}: use that one, stop it, or set OPENHANDS_HOME to another folder.`;
  return new AppError("wrong_state", message, { cause });
}
