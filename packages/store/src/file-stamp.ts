/** Names for what is kept beside a file or a folder: with the time, and never one that is taken. */
import { lstat } from "node:fs/promises";
import { errorCode } from "./disk-failure.ts";

/** A time as part of a file's name: `2026-01-31T10-20-30-400Z`. @param time milliseconds since 1970 */
export function fileStamp(time: number): string {
  return new Date(time).toISOString().replaceAll(/[:.]/g, "-");
}

/** The time of a stamp, in milliseconds since 1970; null for what is none. */
export function timeOfStamp(stamp: string): number | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)-(\d{3}Z)(?:-\d+)?$/.exec(stamp);
  const time = match === null ? Number.NaN : Date.parse(`${match[1]}:${match[2]}:${match[3]}.${match[4]}`);
  return Number.isNaN(time) ? null : time;
}

/** `<prefix><stamp>`, with a number behind where that is there already. */
export async function freePath(prefix: string, time: number): Promise<string> {
  const path = `${prefix}${fileStamp(time)}`;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${path}-${number}`;
    if (!(await exists(candidate))) return candidate;
  }
}

/** True for anything of that name, a broken link too. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}
