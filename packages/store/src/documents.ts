/**
 * Files that are written whole: settings, metadata, secrets. A reader sees the old or the new content, never a mix, also
 * after a power cut: a temporary file in the same folder, fsync, rename, fsync of the folder.
 */
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "@openhands/protocol";
import { diskFailure, errorCode } from "./disk-failure.ts";
import { freePath } from "./file-stamp.ts";
import { temporaryPath } from "./unfinished-writes.ts";

/** Makes a folder and those above it that are missing, closed to other users. @throws AppError `disk_full`, `unavailable` */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (!["EEXIST", "ENOTDIR"].includes(errorCode(error) ?? "")) throw diskFailure(error);
    const message = `${path} can't be made, for a file is in its place: move that file away, or set OPENHANDS_HOME to another folder.`;
    throw new AppError("unavailable", message, { cause: error });
  }
}

/** Makes names that were put into or taken out of a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Replaces the file at `path`, making its folder where it is missing. Of two calls at a time either may come last: who
 * writes again and again takes turns (`createInOrder`).
 * @param content a text, or a function that writes to the file as it likes
 * @throws AppError `disk_full`, `unavailable` for a folder in its place; the old content is then still there
 */
export async function writeDocument(
  path: string,
  content: string | ((file: FileHandle) => Promise<void>),
): Promise<void> {
  const folder = dirname(path);
  const temporary = temporaryPath(path);
  await makeFolder(folder);
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      if (typeof content === "string") await file.writeFile(content);
      else await content(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true });
    throw documentFailure(error, path);
  }
}

/** What lies in a folder; nothing where there is none. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** The text of a file, or null when there is none. @throws AppError `unavailable` for a folder, `disk_full` without the right to read */
export async function readDocument(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw documentFailure(error, path);
  }
}

/**
 * Keeps what nobody can read under another name, so that it can be written anew.
 * @param time milliseconds since 1970
 * @returns where it is now; null where another call has done it in the meantime
 */
export async function setAside(path: string, time: number): Promise<string | null> {
  const aside = await freePath(`${path}.broken-`, time);
  try {
    await rename(path, aside);
    return aside;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw diskFailure(error);
  }
}

/** A failure told in a sentence where a folder is in the file's place or the disk refuses; else as it is. */
export function documentFailure(error: unknown, path: string): unknown {
  if (errorCode(error) !== "EISDIR") return diskFailure(error);
  const message = `${path} is a folder, where OpenHands keeps a file: move it away.`;
  return new AppError("unavailable", message, { cause: error });
}

/** The value of a text in JSON, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
