/**
 * One owner per home: an exclusive SQLite transaction that stays open as long as the server lives. The kernel frees it
 * with the process, `kill -9` included, so there is no stale lock to clean up.
 */
import { access, constants, open } from "node:fs/promises";
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
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/**
 * @param patienceMs an owner of a moment, a command that looks whether a server runs, is waited for so long; meanwhile
 * this process does nothing else
 * @throws AppError `wrong_state` when another process owns the home, `unavailable` when lock.db is no lock, `disk_full`
 * when the home can't be written
 */
export async function acquireInstanceLock(layout: Layout, patienceMs = 0): Promise<InstanceLock> {
  await makeHome(dirname(layout.lockFile));
  await makeLockFile(layout.lockFile);
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(layout.lockFile, { open: false, timeout: patienceMs });
  try {
    database.open();
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    if (database.isOpen) database.close();
    throw await lockFailure(layout, error);
  }
  try {
    await requireWritable(layout);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}

/** Whether a server, or a command for a moment, owns the home. @throws AppError as {@link acquireInstanceLock} otherwise */
export async function isHomeOwned(layout: Layout): Promise<boolean> {
  try {
    (await acquireInstanceLock(layout)).release();
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === "wrong_state") return true;
    throw error;
  }
}

/** Node says that a recursive mkdir found nothing, also where the disk is read-only. */
async function makeHome(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    const message = `${folder} can't be made: the disk is read-only, or a link on the way leads nowhere. Set OPENHANDS_HOME to another folder.`;
    throw new AppError("disk_full", message, { cause: error });
  }
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

/** On a read-only disk SQLite opens lock.db for reading, and any number of processes would hold it at once. */
async function requireWritable({ home }: Layout): Promise<void> {
  try {
    await access(home, constants.W_OK);
  } catch (error) {
    if (errorCode(error) !== "EROFS") throw diskFailure(error);
    const message = `${home} is on a read-only disk, where a server can neither own nor keep anything: make the disk writable again, or copy the folder to another one and set OPENHANDS_HOME to the copy.`;
    throw new AppError("disk_full", message, { cause: error });
  }
}

async function lockFailure(layout: Layout, error: unknown): Promise<unknown> {
  const code = error instanceof Error && "errcode" in error ? error.errcode : null;
  if (code === SQLITE_BUSY) return await taken(layout, error);
  if (code !== SQLITE_NOTADB && code !== SQLITE_CANTOPEN) return diskFailure(error);
  // Not mended unasked: a server that holds the file of before would not be noticed any more.
  const message = `${layout.lockFile} can't be used as the lock of this home: see that no OpenHands server runs on it, move that file away, and start again.`;
  return new AppError("unavailable", message, { cause: error });
}

async function taken(layout: Layout, cause: unknown): Promise<AppError> {
  const server = await readServerFile(layout);
  const message =
    server === null
      ? `Another OpenHands server owns ${layout.home}: stop it, or set OPENHANDS_HOME to another folder.`
      : `Another OpenHands server owns ${layout.home}: use it at ${server.url}, stop it with \`kill ${server.pid}\`, or set OPENHANDS_HOME to another folder.`;
  return new AppError("wrong_state", message, { cause });
}
