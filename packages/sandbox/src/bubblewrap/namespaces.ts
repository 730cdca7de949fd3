/** The bwrap process that holds a sandbox's namespaces: its start, its end, and the pid by which they are entered. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { type SandboxEnd, SandboxError } from "../sandbox.ts";
import { LogTail } from "../log-tail.ts";
import { baseEnvironment, readyLine } from "./bubblewrap-arguments.ts";
import { startGuardOf } from "./start-guard.ts";

const Info = z.looseObject({ "child-pid": z.number().int() });

/** The descriptor that {@link startNamespaces} hands to bwrap for `--info-fd`. */
export const infoFd = 3;

export interface Namespaces {
  /** of the first process inside, as this machine numbers it */
  readonly pid: number;
  /** Resolves when they are gone, by whatever hand. */
  readonly ended: Promise<SandboxEnd>;
  /** Ends every process inside. Idempotent. */
  end(): Promise<void>;
}

/**
 * @param command of bwrap, and what it is put under, the guard of the start among it
 * @throws SandboxError where they could not be made
 */
export async function startNamespaces([program = "", ...words]: readonly string[]): Promise<Namespaces> {
  const child = spawn(program, words, {
    cwd: "/",
    env: baseEnvironment,
    stdio: ["pipe", "pipe", "pipe", "pipe", "pipe"],
    detached: true,
  });
  const tail = new LogTail();
  child.stderr?.setEncoding("utf8").on("data", (said: string) => tail.add(said));
  child.stdin?.on("error", () => child.stdin?.destroy());
  const guard = startGuardOf(child);
  const ended = endOf(child, tail);
  const ready = await Promise.race([firstLine(child.stdout), ended]);
  if (ready !== readyLine) {
    guard.endStart();
    child.kill("SIGKILL");
    const { exitCode, logTail } = await ended;
    throw new SandboxError(`bubblewrap could not make the sandbox: ${logTail || "it said nothing"}`, {
      exitCode,
      logTail,
    });
  }
  const info = Info.parse(JSON.parse(await text(child.stdio[infoFd] as Readable)));
  guard.release();
  return {
    pid: info["child-pid"],
    ended,
    end: async () => {
      // the first process takes all others with it, bwrap follows
      child.stdin?.destroy();
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function endOf(child: ChildProcess, tail: LogTail): Promise<SandboxEnd> {
  return new Promise((resolve) => {
    const settle = (reason: string, exitCode: number | null): void =>
      resolve({ reason, exitCode, logTail: tail.toString() });
    child.once("error", (error) => {
      tail.add(error.message);
      settle("bubblewrap could not be started.", null);
    });
    child.once("close", (code, signal) => {
      settle(
        signal ? `The sandbox was ended by ${signal}.` : `The sandbox ended with exit code ${code}.`,
        code,
      );
    });
  });
}

async function firstLine(stdout: Readable | null): Promise<string | null> {
  if (!stdout) return null;
  const lines = createInterface({ input: stdout });
  return new Promise((resolve) => {
    lines.once("line", resolve).once("close", () => resolve(null));
  });
}
