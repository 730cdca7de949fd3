/**
 * Opening an `events.json` that a crash, a full disk or an editor may have left in any state. Nothing that was in the
 * file is ever thrown away:
 *
 * - in order: nothing is touched;
 * - a torn tail (half a line, zeros, no closing bracket): cut back to the last whole line, what was cut kept beside;
 * - a JSON array in another form (pretty-printed, edited by hand): written anew as lines, the old file kept beside;
 * - lines in the middle that cannot be read stay; readers step over them, or read what an editor has spread there.
 */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { diskFailure, errorCode, isDiskFailure } from "./disk-failure.ts";
import { parseJson, writeDocument } from "./documents.ts";
import { exists, freePath } from "./file-stamp.ts";
import { closeLog, LogFile, logFlags, type LogSource } from "./log-file.ts";
import { encodeLine, isSeq, logEnd, logStart, seqOfLine } from "./log-line.ts";
import { lastLine, linesForward } from "./log-scan.ts";
import type { LogReport } from "./store.ts";

export interface OpenedLog {
  readonly file: LogFile;
  readonly lastSeq: number;
  /** filled in once the tail has been set aside, which a full disk can put off until an append */
  readonly report: { healed: LogReport["healed"] };
}

/** Beyond this, a file that is not in lines is left as it is: it would have to be held in memory. */
const largestRewrite = 256 * 1024 * 1024;

/**
 * Makes the file where it is missing.
 * @throws AppError `disk_full` when the file cannot be opened for writing
 */
export async function openLogFile(path: string, clock: () => number): Promise<OpenedLog> {
  const { handle, writable } = await openForUpdate(path);
  try {
    const opened = await inspect(handle, { path, clock });
    if (opened !== null) {
      if (!writable) opened.file.readOnlyUntil(() => open(path, logFlags));
      await repairIfPossible(opened.file);
      return opened;
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return openLogFile(path, clock);
}

/** A log that can't be written, on a read-only disk for instance, can still be read. */
async function openForUpdate(path: string): Promise<{ handle: FileHandle; writable: boolean }> {
  try {
    return { handle: await open(path, logFlags | constants.O_CREAT, 0o600), writable: true };
  } catch (error) {
    const readOnly = ["EROFS", "EACCES", "EPERM"].includes(errorCode(error) ?? "");
    if (readOnly && (await exists(path))) {
      return { handle: await open(path, constants.O_RDONLY), writable: false };
    }
    throw diskFailure(error);
  }
}

/** Reading works without; appends repair first and tell the person what is wrong. */
async function repairIfPossible(file: LogFile): Promise<void> {
  try {
    await file.repair();
  } catch (error) {
    if (!isDiskFailure(error)) throw error;
  }
}

interface LogPlace {
  readonly path: string;
  readonly clock: () => number;
}

/** null: the file was not in lines and has been written anew. */
async function inspect(handle: FileHandle, place: LogPlace): Promise<OpenedLog | null> {
  const { size } = await handle.stat();
  const source = new LogFile(handle, size, null);
  if (!(await beginsInLines(source)) && (await rewrite(source, place, 0))) return null;
  const last = await lastLine(source);
  const committed = last?.end ?? (await bareStart(source));
  const report: OpenedLog["report"] = { healed: null };
  const tail = await source.read(committed, logEnd.length + 1);
  if (committed > 0 && tail.toString() === logEnd) {
    return { file: new LogFile(handle, committed, null), lastSeq: last?.seq ?? -1, report };
  }
  if (last !== null && (await rewrite(source, place, committed))) return null;
  const repair = async (writable: FileHandle): Promise<void> => {
    report.healed = await setAside(source, committed, place);
    await closeLog(writable, committed);
  };
  return { file: new LogFile(handle, committed, repair), lastSeq: last?.seq ?? -1, report };
}

/** True for an empty file too, and when only the closing may be missing. */
async function beginsInLines(source: LogSource): Promise<boolean> {
  let number = 0;
  for await (const { text } of linesForward(source, 0, source.committed)) {
    if (number === 0 && text !== logStart) return false;
    if (number === 1) return text === "]" || seqOfLine(text) !== null;
    number += 1;
  }
  return true;
}

/** Bytes of the opening of a log without a whole line. */
async function bareStart(source: LogSource): Promise<number> {
  const start = await source.read(0, logStart.length);
  return start.toString() === logStart ? logStart.length : 0;
}

/**
 * Keeps what lies behind `from` in a file beside the log.
 * @returns null when there is nothing but brackets, commas and space
 */
async function setAside(source: LogSource, from: number, place: LogPlace): Promise<LogReport["healed"]> {
  const bytes = source.committed - from;
  if (bytes < largestRewrite && /^[\s,\]]*$/.test((await source.read(from, bytes)).toString())) return null;
  const path = await freePath(`${place.path}.torn-`, place.clock());
  await copyFrom(source, from, path);
  return { bytes, side_file: basename(path) };
}

/** A durable copy of what lies behind `from`. */
async function copyFrom(source: LogSource, from: number, path: string): Promise<void> {
  await writeDocument(path, async (file) => {
    for (let position = from; position < source.committed;) {
      const chunk = await source.read(position, 1024 * 1024);
      if (chunk.length === 0) return;
      await file.writeFile(chunk);
      position += chunk.length;
    }
  });
}

/**
 * Writes a file that is a JSON array, yet not one event a line, anew as lines; the old file is kept beside.
 * @param from everything before is known to be lines: what comes after must be the rest of an array
 * @returns false when it is no JSON array
 */
async function rewrite(source: LogSource, place: LogPlace, from: number): Promise<boolean> {
  const size = source.committed;
  if (size > largestRewrite) return false;
  const rest = (await source.read(from, size - from)).toString();
  if (from > 0 && !hasEvents(`[${rest.replace(/^\s*,/, "")}`)) return false;
  const events = parseJson(from === 0 ? rest : (await source.read(0, size)).toString());
  if (!Array.isArray(events)) return false;
  await copyFrom(source, 0, await freePath(`${place.path}.backup-`, place.clock()));
  await writeDocument(place.path, linesOf(events));
  return true;
}

function hasEvents(text: string): boolean {
  const value = parseJson(text);
  return Array.isArray(value) && value.length > 0;
}

/** The log of `events`. One without a place, or with one that does not rise, gets the next. */
function linesOf(events: readonly unknown[]): string {
  let next = 0;
  const lines = events.map((event) => {
    const fields = typeof event === "object" && event !== null ? event : { value: event };
    const seq = "seq" in fields && isSeq(fields.seq) && fields.seq >= next ? fields.seq : next;
    next = seq + 1;
    return encodeLine({ ...fields, seq });
  });
  const opening = lines.length === 0 ? logStart : `${logStart}\n`;
  return `${opening}${lines.join(",\n")}${logEnd}`;
}
