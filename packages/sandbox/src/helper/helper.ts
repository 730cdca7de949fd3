/** What the resident helper does inside the sandbox, as functions. Paths are the sandbox's, never the host's. */
import { type Sandbox, SandboxError } from "../sandbox.ts";
import { HelperChannel, type HelperLimits } from "./helper-channel.ts";
import type { HelperAnswer, HelperRequest } from "./helper-frames.ts";

export type FileProblem = "missing" | "directory" | "special" | "denied" | "large" | "exists" | "failed";

export type FileRead =
  | { readonly ok: true; readonly bytes: Buffer }
  /** `detail`: the size in bytes where it is large, what the system said where it failed */
  | { readonly ok: false; readonly problem: FileProblem; readonly detail: string };

export type FileWrite =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: FileProblem; readonly detail: string };

export interface DirectoryListing {
  /** two levels, hidden ones left out, folders with a slash at their end */
  readonly paths: readonly string[];
  /** hidden entries of the folder itself */
  readonly hidden: number;
}

/** Text laid down for a shell to take up. */
export interface LaidText {
  readonly path: string;
  /** the sandbox's clock: seconds since boot, 0 where it has none */
  readonly uptime: number;
  /** Hardly another process may be started in the sandbox. */
  readonly full: boolean;
  /** see {@link MemoryFacts} */
  readonly memoryKills: number;
}

export interface MemoryFacts {
  /** how often the kernel ended a process of this sandbox for its memory; 0 where nobody tells */
  readonly kills: number;
  /** null: none, or nobody tells */
  readonly limitBytes: number | null;
}

export interface Helper {
  readFile(path: string, maximumBytes: number, signal: AbortSignal): Promise<FileRead>;
  /**
   * Through a temporary file and a rename, so that nobody ever sees half of it. Keeps mode, owner and symbolic link. A
   * file with several names, one that is mounted itself and one in a folder that takes no other file is written in place
   * instead: a rename would part it from its names. A helper that dies at it is followed by one that writes it again.
   */
  writeFile(path: string, bytes: Buffer, options: WriteOptions): Promise<FileWrite>;
  /** null where there is no folder that can be read */
  list(path: string, signal: AbortSignal): Promise<DirectoryListing | null>;
  lay(name: string, text: string, signal?: AbortSignal): Promise<LaidText>;
  /** What `script` (sh) prints when it is given `input`; `$work` is the folder in which texts are laid. */
  pipe(script: string, input: string, signal: AbortSignal): Promise<string>;
  /** Every process it can see, a line each: pid and the fields of /proc/pid/stat from the state on. */
  processes(): Promise<string>;
  signal(name: "INT" | "TERM" | "KILL", pids: readonly number[]): Promise<void>;
  memory(): Promise<MemoryFacts>;
  close(): Promise<void>;
}

export interface WriteOptions {
  /** refuses to replace what is there */
  readonly isNew: boolean;
  readonly signal: AbortSignal;
}

/** For what takes no time, and is asked when someone wants a command to end: a sandbox that is stuck shows soon. */
const promptSeconds = 4;

/** Starts nothing until it is first asked. */
export function createHelper(sandbox: Sandbox, limits: HelperLimits = { answerSeconds: 30 }): Helper {
  const channel = new HelperChannel(sandbox, limits);
  const ask = (request: HelperRequest, signal?: AbortSignal): Promise<HelperAnswer> =>
    channel.ask(() => request, { signal });
  const askSoon = (request: HelperRequest): Promise<HelperAnswer> =>
    channel.ask(() => request, { answerSeconds: promptSeconds });
  /** Its files in the agent's folders are told by their names from those of another server on the same folder. */
  const temporary = `.openhands-${sandbox.conversationId.slice(0, 12)}-`;

  return {
    async readFile(path, maximumBytes, signal) {
      const { status, payload } = await ask(
        { operation: "read", args: [path, String(maximumBytes)] },
        signal,
      );
      if (status === "ok" && payload.length > maximumBytes)
        return failure("large", Buffer.from(String(payload.length)));
      return status === "ok" ? { ok: true, bytes: payload } : failure(status, payload);
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
    async list(path, signal) {
      const { status, payload } = await ask({ operation: "list", args: [path.replace(/\/+$/, "")] }, signal);
      const [hidden, ...paths] = payload.toString().split("\0").slice(0, -1);
      return status === "ok" ? { hidden: Number(hidden), paths } : null;
    },
    async lay(name, text, signal) {
      const answer = withRoom(await ask({ operation: "lay", args: [name], body: Buffer.from(text) }, signal));
      const [path = "", uptime = "0", room, kills = "0"] = answer.payload.toString().split("\n");
      return { path, uptime: Number(uptime), full: room === "no", memoryKills: Number(kills) };
    },
    async pipe(script, input, signal) {
      const request = { operation: "pipe", args: [script], body: Buffer.from(input) };
      return withRoom(await ask(request, signal)).payload.toString();
    },
    processes: async () => (await askSoon({ operation: "processes" })).payload.toString(),
    async signal(name, pids) {
      if (pids.length > 0) await askSoon({ operation: "signal", args: [name, pids.join(" ")] });
    },
    async memory() {
      const [kills = "0", limit = ""] = (await askSoon({ operation: "memory" })).payload
        .toString()
        .split("\n");
      return { kills: Number(kills), limitBytes: /^\d+$/.test(limit) ? Number(limit) : null };
    },
    close: () => channel.close(),
  };
}

/** @throws SandboxError where the request's body could not be laid down */
function withRoom(answer: HelperAnswer): HelperAnswer {
  if (answer.status !== "noroom") return answer;
  throw new SandboxError(
    "The sandbox has no room for a temporary file: its /tmp is full or cannot be written.",
  );
}

const problems: ReadonlySet<string> = new Set<FileProblem>([
  "missing",
  "directory",
  "special",
  "denied",
  "large",
  "exists",
]);

function failure(
  status: string,
  payload: Buffer,
): { readonly ok: false; readonly problem: FileProblem; readonly detail: string } {
  const problem = problems.has(status) ? (status as FileProblem) : "failed";
  return { ok: false, problem, detail: payload.toString().trim() };
}
