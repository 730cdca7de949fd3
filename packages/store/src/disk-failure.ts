/** Failures of the disk itself, told in a sentence that says what to do. */
import { AppError } from "@openhands/protocol";

const noRight =
  "OpenHands has no right to write where it keeps its files: correct the owner of that folder, or set OPENHANDS_HOME to another one.";

const sentences: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "The disk is full: free some space where OpenHands keeps its files, then try again."],
  ["EDQUOT", "The disk quota is used up: free some space where OpenHands keeps its files, then try again."],
  ["EFBIG", "The file has reached the largest size this disk allows: start a new conversation."],
  ["EROFS", "The disk is read-only: make it writable again, then try again."],
  ["EACCES", noRight],
  ["EPERM", noRight],
  ["EIO", "The disk reports errors: check it, make sure of a backup, then try again."],
]);

/** SQLite's result codes for what the system calls so. */
const ofSqlite: ReadonlyMap<unknown, string> = new Map([
  [8, "EROFS"],
  [10, "EIO"],
  [13, "ENOSPC"],
]);

/** The system's code of a failed call (`ENOENT`, …), or null for any other error. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

/** `error` as AppError `disk_full` where the disk has no room, is not ours to write or does not work; else as it is. */
export function diskFailure(error: unknown): unknown {
  const sqlite = error instanceof Error && "errcode" in error ? ofSqlite.get(error.errcode) : undefined;
  const sentence = sentences.get(sqlite ?? errorCode(error) ?? "");
  return sentence === undefined ? error : new AppError("disk_full", sentence, { cause: error });
}

export function isDiskFailure(error: unknown): error is AppError {
  return error instanceof AppError && error.code === "disk_full";
}
