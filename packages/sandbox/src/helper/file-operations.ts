/** Files inside the sandbox, read and written by the resident helper: whole or not at all. */
import type { ConversationId } from "@openhands/protocol";
import { type HelperChannel, withRoom } from "./helper-channel.ts";
import type { HelperAnswer, HelperRequest } from "./helper-frames.ts";
import type { QuickSplice } from "./quick-splice.ts";

export type FileProblem =
  | "missing"
  | "directory"
  | "special"
  | "denied"
  | "large"
  | "exists"
  | "changed"
  | "unable"
  | "failed";

export type FileRead =
  | { readonly ok: true; readonly bytes: Buffer }
  /** `detail`: the size in bytes where it is large, what the system said where it failed */
  | { readonly ok: false; readonly problem: FileProblem; readonly detail: string };

export type FileWrite =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: FileProblem; readonly detail: string };

/** Bytes of a file that are replaced by others. */
export interface FileSplice {
  readonly at: number;
  /** how many are taken away */
  readonly removed: number;
  readonly inserted: Buffer;
  /** the whole file as it must be, and as it is after */
  readonly before: FileSums;
  readonly after: FileSums;
}

/** Of all bytes of a file; asked for once the rest of a request is on its way. */
export interface FileSums {
  /** as POSIX `cksum` prints it, see `posixChecksum` */
  readonly checksum: string;
  /** CRC-32, that of zlib */
  readonly crc: number;
}

export interface DirectoryListing {
  /** two levels, hidden ones left out, folders with a slash at their end */
  readonly paths: readonly string[];
  /** hidden entries of the folder itself */
  readonly hidden: number;
}

export interface WriteOptions {
  /** refuses to replace what is there */
  readonly isNew: boolean;
  readonly signal: AbortSignal;
}

export interface FileOperations {
  readFile(path: string, maximumBytes: number, signal: AbortSignal): Promise<FileRead>;
  /**
   * Through a temporary file and a rename, so that nobody ever sees half of it. Keeps mode, owner and symbolic link. A
   * file with several names, one that is mounted itself and one in a folder that takes no other file is written in place
   * instead: a rename would part it from its names. A helper that dies at it is followed by one that writes it again.
   */
  writeFile(path: string, bytes: Buffer, options: WriteOptions): Promise<FileWrite>;
  /**
   * As `writeFile`, but only what is new travels: the sandbox puts it between the parts of the file that stay. Where the
   * file is not what `before` says, it is left alone: "changed". An image without cksum can't do it: "unable".
   */
  spliceFile(path: string, splice: FileSplice, signal: AbortSignal): Promise<FileWrite>;
  /** null where there is no folder that can be read */
  list(path: string, signal: AbortSignal): Promise<DirectoryListing | null>;
}

export function fileOperations(
  channel: HelperChannel,
  quick: QuickSplice,
  id: ConversationId,
): FileOperations {
  const ask = (request: HelperRequest, signal: AbortSignal): Promise<HelperAnswer> =>
    channel.ask(() => request, { signal });
  /** Its files in the agent's folders are told by their names from those of another server on the same folder. */
  const temporary = `.openhands-${id.slice(0, 12)}-`;

  return {
    async readFile(path, maximumBytes, signal) {
      const { status, payload } = await ask(
        { operation: "read", args: [path, String(maximumBytes)] },
        signal,
      );
      if (status !== "ok") return failure(status, payload);
      if (payload.length <= maximumBytes) return { ok: true, bytes: payload };
      const { payload: size } = await ask({ operation: "size", args: [path] }, signal);
      // some files tell no size
      return failure("large", Buffer.from(String(Math.max(Number(size), payload.length))));
    },
    async writeFile(path, bytes, { isNew, signal }) {
      const make = (again: boolean): HelperRequest => ({
        operation: "write",
        args: [path, String(bytes.length), isNew ? (again ? "again" : "new") : "any", temporary],
        body: bytes,
      });
      const { status, payload } = withRoom(await channel.ask(make, { signal }));
      return status === "ok" ? { ok: true } : failure(status, payload);
    },
    async spliceFile(path, splice, signal) {
      const outcome = await quick.splice(path, splice, { temporary, signal });
      if (outcome === "ok") return { ok: true };
      if (outcome === "changed") return failure("changed", Buffer.alloc(0));
      let wasAsked = outcome === "lost";
      const { at, removed, inserted, before, after } = splice;
      const make = (again: boolean): HelperRequest => {
        wasAsked ||= again;
        const range = [String(at), String(at + removed)];
        const lateLine = (): string => `${before.checksum} ${after.checksum}`;
        return { operation: "splice", args: [path, ...range, temporary], body: inserted, lateLine };
      };
      const { status, payload } = withRoom(await channel.ask(make, { signal }));
      // "done": it is what it was to become, by the hand of a helper that died or of somebody else
      if (status === "ok" || (status === "done" && wasAsked)) return { ok: true };
      return failure(status === "done" ? "changed" : status, payload);
    },
    async list(path, signal) {
      const { status, payload } = await ask({ operation: "list", args: [path.replace(/\/+$/, "")] }, signal);
      const [hidden, ...paths] = payload.toString().split("\0").slice(0, -1);
      return status === "ok" ? { hidden: Number(hidden), paths } : null;
    },
  };
}

const problems: ReadonlySet<string> = new Set<FileProblem>([
  "missing",
  "directory",
  "special",
  "denied",
  "large",
  "exists",
  "changed",
  "unable",
]);

function failure(
  status: string,
  payload: Buffer,
): { readonly ok: false; readonly problem: FileProblem; readonly detail: string } {
  const problem = problems.has(status) ? (status as FileProblem) : "failed";
  return { ok: false, problem, detail: payload.toString().trim() };
}
