/** A server as its users have it: a process of its own, started through its real entry, killed for real. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Client, createClient } from "@openhands/client";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export interface ServerProcessOptions {
  readonly home: string;
  readonly runtime?: "docker" | "bubblewrap" | "auto";
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** as whom it runs; usually as who runs this */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  /** as printed, with its one-time code */
  readonly link: string;
  readonly key: string;
  readonly client: Client;
  readonly pid: number;
  /** what it wrote to stderr so far */
  readonly log: () => string;
  /** `kill -9`; resolves when it is gone */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code */
  stop(): Promise<number | null>;
}

/** Starts on a free port and resolves when it is ready. @throws Error with its output when it ends before */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = spawnServer({ ...options, flags: ["--port", "0", ...(options.flags ?? [])] });
  const output = collect(child);
  const link = await readyLink(child, output);
  const url = new URL(link).origin;
  const key = (await readFile(join(options.home, "session.key"), "utf8")).trim();
  const exited = exitOf(child);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return await exited;
  };
  return {
    url,
    link,
    key,
    client: createClient({ baseUrl: url, sessionApiKey: key }),
    pid: child.pid ?? -1,
    log: () => output.stderr,
    kill: async () => void (await end("SIGKILL")),
    stop: async () => await end("SIGTERM"),
    [Symbol.asyncDispose]: async () => void (await end("SIGTERM")),
  };
}

/** Starts a server that is expected not to come up; resolves with its exit code and what it said. */
export async function failToStart(
  options: ServerProcessOptions,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnServer(options);
  const output = collect(child);
  const code = await exitOf(child);
  return { code, ...output };
}

function spawnServer({ home, runtime, env, flags, user }: ServerProcessOptions): ChildProcess {
  const words = [process.execPath, "apps/cli/bin/openhands.mjs", "start", ...(flags ?? [])];
  const [program = "", ...rest] = user === undefined ? words : asUser(user, words);
  return spawn(program, rest, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...passedOn(["PATH", "HOME", "DOCKER_HOST", "NODE_COMPILE_CACHE"]),
      OPENHANDS_HOME: home,
      OPENHANDS_RUNTIME: runtime ?? "auto",
      // a test that wants sandboxes made ahead says so
      OPENHANDS_POOL_SIZE: "0",
      ...env,
    },
  });
}

/**
 * Run by another user, who may not be let into a folder above this clone: for that process alone the clone lies at a
 * place that everybody can enter.
 */
function asUser({ uid, gid }: { uid: number; gid: number }, words: readonly string[]): string[] {
  const place = "/mnt";
  const script = `mount --bind "$1" ${place} && cd ${place} && shift && exec setpriv --reuid=${uid} --regid=${gid} --clear-groups "$@"`;
  const moved = words.map((word) => (word.startsWith(root) ? join(place, word.slice(root.length)) : word));
  return ["unshare", "--mount", "sh", "-c", script, "sh", root, ...moved];
}

/** Nothing else of our own environment: a key in it must not decide a test. */
function passedOn(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (output.stdout += chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (output.stderr += chunk));
  return output;
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return await new Promise((resolve) => child.once("close", (code) => resolve(code)));
}

async function readyLink(child: ChildProcess, output: { stderr: string }): Promise<string> {
  if (child.stdout === null) throw new Error("the server has no stdout");
  for await (const line of createInterface({ input: child.stdout })) {
    const link = /^OpenHands is ready: (\S+)$/.exec(line)?.[1];
    if (link !== undefined) return link;
  }
  throw new Error(`the server ended before it was ready:\n${output.stderr}`);
}
