/** What the resident helper does inside the sandbox, as functions. Paths are the sandbox's, never the host's. */
import type { Sandbox } from "../sandbox.ts";
import { type FileOperations, fileOperations } from "./file-operations.ts";
import { type AskOptions, HelperChannel, type HelperLimits, withRoom } from "./helper-channel.ts";
import type { HelperAnswer, HelperRequest } from "./helper-frames.ts";
import { QuickSplice } from "./quick-splice.ts";

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

export interface Helper extends FileOperations {
  lay(name: string, text: string, signal?: AbortSignal): Promise<LaidText>;
  /**
   * What `script` (sh) prints when it is given `input`; `$work` is the folder in which texts are laid.
   * @throws SandboxError, also where it comes to no end in time; the signal's reason
   */
  pipe(script: string, input: string, options?: AskOptions): Promise<string>;
  /** Every process it can see, a line each: pid and the fields of /proc/pid/stat from the state on. */
  processes(): Promise<string>;
  signal(name: "INT" | "TERM" | "KILL", pids: readonly number[]): Promise<void>;
  memory(): Promise<MemoryFacts>;
  close(): Promise<void>;
}

/** For what takes no time, and is asked when someone wants a command to end: a sandbox that is stuck shows soon. */
const promptSeconds = 4;

/** Starts nothing until it is first asked. */
export function createHelper(sandbox: Sandbox, limits: HelperLimits = { answerSeconds: 30 }): Helper {
  const channel = new HelperChannel(sandbox, limits);
  const quick = new QuickSplice(sandbox);
  const ask = (request: HelperRequest, signal?: AbortSignal): Promise<HelperAnswer> =>
    channel.ask(() => request, { signal });
  const askSoon = (request: HelperRequest): Promise<HelperAnswer> =>
    channel.ask(() => request, { answerSeconds: promptSeconds });
  return {
    ...fileOperations(channel, quick, sandbox.conversationId),
    async lay(name, text, signal) {
      const request = { operation: "lay", args: [name], body: Buffer.from(text) };
      const first = await ask(request, signal);
      // where memory had no room for it, the next one lies on the disk
      const answer = first.status === "noroom" ? withRoom(await ask(request, signal)) : first;
      const [path = "", uptime = "0", room, kills = "0"] = answer.payload.toString().split("\n");
      return { path, uptime: Number(uptime), full: room === "no", memoryKills: Number(kills) };
    },
    async pipe(script, input, options) {
      const request = { operation: "pipe", args: [script], body: Buffer.from(input) };
      return withRoom(await channel.ask(() => request, options)).payload.toString();
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
    async close() {
      await Promise.all([quick.close(), channel.close()]);
    },
  };
}
