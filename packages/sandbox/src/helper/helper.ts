/** What the resident helper does inside the sandbox, as functions. Paths are the sandbox's, never the host's. */
import { type Sandbox, SandboxError } from "../sandbox.ts";
import { HelperChannel, type HelperLimits } from "./helper-channel.ts";
import { encodeLay, encodeRequest, type HelperAnswer } from "./helper-frames.ts";

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
  /** Through a temporary file and a rename, so that nobody ever sees half of it. Keeps mode, owner and symbolic link. */
  writeFile(path: string, bytes: Buffer, options: WriteOptions): Promise<FileWrite>;
  /** null where there is no folder that can be read */
  list(path: string, signal: AbortSignal): Promise<DirectoryListing | null>;
  lay(name: string, text: string, signal?: AbortSignal): Promise<LaidText>;
  /** What `script` (sh) prints when it is given `input`. */
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
  const ask = (operation: string, args: readonly string[], signal?: AbortSignal): Promise<HelperAnswer> =>
    channel.ask((nonce) => encodeRequest(nonce, operation, args), { signal });
  const askSoon = (operation: string, args: readonly string[]): Promise<HelperAnswer> =>
    channel.ask((nonce) => encodeRequest(nonce, operation, args), { answerSeconds: promptSeconds });

  async function lay(name: string, content: Buffer, signal?: AbortSignal): Promise<LaidText> {
    const answer = await channel.ask((nonce) => encodeLay(nonce, name, content), { signal });
    if (answer.status !== "ok") {
      throw new SandboxError(
        "The sandbox has no room for a temporary file: its /tmp is full or cannot be written.",
      );
    }
    const [path = "", uptime = "0", room, kills = "0"] = answer.payload.toString().split("\n");
    return { path, uptime: Number(uptime), full: room === "no", memoryKills: Number(kills) };
  }

  return {
    async readFile(path, maximumBytes, signal) {
      const { status, payload } = await ask("read", [path, String(maximumBytes)], signal);
      if (status === "ok" && payload.length > maximumBytes)
        return failure("large", Buffer.from(String(payload.length)));
      return status === "ok" ? { ok: true, bytes: payload } : failure(status, payload);
    },
    async writeFile(path, bytes, { isNew, signal }) {
      await lay("body", bytes, signal);
      const args = [path, String(bytes.length), isNew ? "new" : "any"];
      const { status, payload } = await ask("write", args, signal);
      return status === "ok" ? { ok: true } : failure(status, payload);
    },
    async list(path, signal) {
      const { status, payload } = await ask("list", [path.replace(/\/+$/, "")], signal);
      const [hidden, ...paths] = payload.toString().split("\0").slice(0, -1);
      return status === "ok" ? { hidden: Number(hidden), paths } : null;
    },
    lay: (name, text, signal) => lay(name, Buffer.from(text), signal),
    async pipe(script, input, signal) {
      await lay("body", Buffer.from(input), signal);
      return (await ask("pipe", [script], signal)).payload.toString();
    },
    processes: async () => (await askSoon("processes", [])).payload.toString(),
    async signal(name, pids) {
      if (pids.length > 0) await askSoon("signal", [name, pids.join(" ")]);
    },
    async memory() {
      const [kills = "0", limit = ""] = (await askSoon("memory", [])).payload.toString().split("\n");
      return { kills: Number(kills), limitBytes: /^\d+$/.test(limit) ? Number(limit) : null };
    },
    close: () => channel.close(),
  };
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
