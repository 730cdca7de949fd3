/**
 * The one writer of an `events.json`. Everything before `committed` is whole lines and never changes, so readers go up
 * to it without a lock; an append goes over the closing bracket behind it. What a failed or torn write has left there is
 * repaired before the next append, at the latest.
 */
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { AppError } from "@openhands/protocol";
import { diskFailure } from "./disk-failure.ts";
import { logEnd, logStart } from "./log-line.ts";

/** How a log is opened for writing: a write returns when it is durable, which saves the way of a second call for that. */
export const logFlags = constants.O_RDWR | constants.O_DSYNC;

/** What readers need of a log. */
export interface LogSource {
  /** bytes of whole lines */
  readonly committed: number;
  /** Up to `length` bytes from `position` on; fewer at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
}

/** Makes good what lies behind the committed part, by way of a handle that writes. */
type Repair = (handle: FileHandle) => Promise<void>;

export const closedMeanwhile = "This conversation was closed meanwhile: it was deleted, or the server stops.";

export class LogFile implements LogSource {
  #handle: FileHandle;
  #committed: number;
  #repair: Repair | null;
  #closed = false;

  /**
   * @param committed bytes of whole lines, without the closing; 0 for a file without even the opening
   * @param repair makes good what lies behind `committed`; null when the file is in order
   */
  constructor(handle: FileHandle, committed: number, repair: Repair | null) {
    this.#handle = handle;
    this.#committed = committed;
    this.#repair = repair;
  }

  get committed(): number {
    return this.#committed;
  }

  /** @throws AppError `wrong_state` for who was still reading when it was closed */
  async read(position: number, length: number): Promise<Buffer> {
    if (this.#closed) throw new AppError("wrong_state", closedMeanwhile);
    const { bytesRead, buffer } = await this.#handle.read(Buffer.allocUnsafe(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  }

  /**
   * One write, which is durable when it returns. One call at a time.
   * @throws AppError `disk_full`; the log is then as before
   */
  async append(lines: readonly string[]): Promise<void> {
    await this.repair();
    const bytes = Buffer.from(`${this.#joint()}${lines.join(",\n")}${logEnd}`);
    this.#repair = (handle) => closeLog(handle, this.#committed);
    try {
      await writeFully(this.#handle, bytes, this.#committed);
    } catch (error) {
      // where this fails too, the next append tries again
      await this.repair().catch(() => null);
      throw diskFailure(error);
    }
    this.#repair = null;
    this.#committed += bytes.length - logEnd.length;
  }

  /** The handle can only read: whatever would be appended asks `open` for one that writes. */
  readOnlyUntil(open: () => Promise<FileHandle>): void {
    const repair = this.#repair;
    this.#repair = async () => {
      const writable = await open();
      try {
        await repair?.(writable);
      } catch (error) {
        await writable.close();
        throw error;
      }
      const before = this.#handle;
      this.#handle = writable;
      await before.close();
    };
  }

  /** @throws AppError `disk_full` */
  async repair(): Promise<void> {
    if (this.#repair === null) return;
    try {
      await this.#repair(this.#handle);
    } catch (error) {
      throw diskFailure(error);
    }
    this.#repair = null;
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#handle.close();
  }

  /** What goes between the committed part and the next line. */
  #joint(): string {
    if (this.#committed === 0) return `${logStart}\n`;
    return this.#committed === logStart.length ? "\n" : ",\n";
  }
}

/**
 * Ends the log after `committed`, dropping what lies behind. The closing is written before the rest is cut off: there it
 * needs no new room, and the file is whole again however far this comes.
 */
export async function closeLog(handle: FileHandle, committed: number): Promise<void> {
  const closing = Buffer.from(committed === 0 ? `${logStart}${logEnd}` : logEnd);
  await writeFully(handle, closing, committed);
  await handle.truncate(committed + closing.length);
  await handle.datasync();
}

/** A write may take less than it was given, also when the disk is nearly full. */
async function writeFully(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
