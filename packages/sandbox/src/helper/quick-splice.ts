/**
 * Edits for which no process is started: a resident python3, where the image has one, reads the file, puts the edit in and
 * lays it down as the helper would, which starts six processes for it. Only ordinary files; what is out of the ordinary it
 * leaves, and the helper does it. It starts beside the first edit, and goes when none has come for a minute.
 */
import { readFile } from "node:fs/promises";
import { type Sandbox, SandboxError } from "../sandbox.ts";
import type { FileSplice } from "./file-operations.ts";
import { exchange, followHelper, type HelperProcess } from "./helper-process.ts";

/** "left": nothing was done. "lost": nobody knows what was done, for it has ended. */
export type QuickOutcome = "ok" | "changed" | "left" | "lost";

const startSeconds = 10;
const answerSeconds = 10;

export class QuickSplice {
  readonly #sandbox: Sandbox;
  /** null: not asked for yet. Resolves with null where the sandbox has none that works */
  #starting: Promise<HelperProcess | null> | null = null;
  #ready: HelperProcess | null = null;
  #isBusy = false;
  #closed = false;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /**
   * @param temporary what the names of temporary files begin with
   * @throws the signal's reason
   */
  async splice(
    path: string,
    { at, removed, inserted, before, after }: FileSplice,
    { temporary, signal }: { readonly temporary: string; readonly signal: AbortSignal },
  ): Promise<QuickOutcome> {
    const helper = this.#ready;
    if (helper === null || helper.ended || this.#isBusy) {
      void this.begin();
      return "left";
    }
    this.#isBusy = true;
    const request = {
      operation: "splice",
      args: [path, String(at), String(at + removed), temporary],
      body: inserted,
      lateLine: () => `${before.crc} ${after.crc}`,
    };
    try {
      const answer = await exchange(helper, request, { signal, answerSeconds });
      return answer === null ? "lost" : outcomeOf(answer.status);
    } catch (error) {
      this.#ready = null;
      void helper.process.kill("SIGKILL").catch(() => undefined);
      if (error instanceof SandboxError) return "lost";
      throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  /** Starts it, where it is not there. Nobody need wait for it. @returns whether there is one */
  async begin(): Promise<boolean> {
    if (this.#closed) return false;
    if (this.#ready === null || this.#ready.ended) this.#starting ??= this.#start();
    else return true;
    return (await this.#starting) !== null;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const helper = (await this.#starting) ?? this.#ready;
    helper?.process.stdin.end();
  }

  async #start(): Promise<HelperProcess | null> {
    try {
      const script = await readFile(new URL("quick-splice.py", import.meta.url), "utf8");
      // isolated: a module of the workspace must not come before one of its own
      const helper = followHelper(await this.#sandbox.spawn(["python3", "-I", "-S", "-c", script]));
      if (!(await greets(helper))) return null;
      this.#ready = helper;
      this.#starting = null;
      return helper;
    } catch (error) {
      if (error instanceof SandboxError) return null;
      throw error;
    }
  }
}

/** Whether it answers at all; one that doesn't is ended. @throws SandboxError where that can't be */
async function greets(helper: HelperProcess): Promise<boolean> {
  const limits = { signal: undefined, answerSeconds: startSeconds };
  try {
    return (await exchange(helper, { operation: "hello" }, limits)) !== null;
  } catch (error) {
    await helper.process.kill("SIGKILL");
    throw error;
  }
}

function outcomeOf(status: string): QuickOutcome {
  if (status === "ok" || status === "changed") return status;
  // it is what it was to become, by somebody else's hand
  return status === "done" ? "changed" : "left";
}
