/**
 * The pipe to the resident helper: spawned at the first request, one request at a time, spawned again when it died or
 * when a request was given up. Every operation can be done twice without harm, so one that a dying helper did not answer
 * is asked of a fresh one, once.
 */
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { makingRoom, relieved } from "../make-room.ts";
import { type Sandbox, SandboxError } from "../sandbox.ts";
import type { HelperAnswer, HelperRequest } from "./helper-frames.ts";
import { exchange, followHelper, type HelperProcess } from "./helper-process.ts";

export interface HelperLimits {
  /** after which a request is given up */
  readonly answerSeconds: number;
}

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** instead of the usual limit */
  readonly answerSeconds?: number;
}

/** The request; `again` where it was asked before of a helper that died and may have done it. */
export type MakeRequest = (again: boolean) => HelperRequest;

export class HelperChannel {
  readonly #sandbox: Sandbox;
  readonly #limits: HelperLimits;
  #current: Promise<HelperProcess> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(sandbox: Sandbox, limits: HelperLimits) {
    this.#sandbox = sandbox;
    this.#limits = limits;
  }

  /** @throws SandboxError when the sandbox is gone or nothing answered in time; the signal's reason when aborted */
  ask(make: MakeRequest, options: AskOptions = {}): Promise<HelperAnswer> {
    const turn = this.#last.then(() => this.#askTwice(make, options));
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** The helper takes its temporary files with it. */
  async close(): Promise<void> {
    this.#closed = true;
    const started = await this.#current?.catch(() => null);
    if (!started) return;
    const { process } = started;
    process.stdin.end();
    await Promise.race([process.exit, delay(1000, null, { ref: false })]);
    try {
      await process.kill("SIGKILL");
    } catch (error) {
      // With the sandbox it has gone, or goes.
      if (!(error instanceof SandboxError)) throw error;
    }
  }

  async #askTwice(make: MakeRequest, options: AskOptions): Promise<HelperAnswer> {
    options.signal?.throwIfAborted();
    const answer = (await this.#attempt(make(false), options)) ?? (await this.#attempt(make(true), options));
    if (answer) return answer;
    // something in there ends everything that is started
    await this.#sandbox.endProcesses();
    const last = await this.#attempt(make(true), options);
    if (last) return last;
    throw new SandboxError(
      "The sandbox ends our helper process as soon as it starts. Start the sandbox again.",
    );
  }

  async #attempt(
    request: HelperRequest,
    { signal, answerSeconds = this.#limits.answerSeconds }: AskOptions,
  ): Promise<HelperAnswer | null> {
    const helper = await this.#connected();
    try {
      return await relieved(this.#sandbox, exchange(helper, request, { signal, answerSeconds }));
    } catch (error) {
      // What it may still answer belongs to nobody, and nobody waits for its end: the sandbox may be as stuck as it is.
      this.#current = null;
      void helper.process.kill("SIGKILL").catch(() => undefined);
      throw error;
    }
  }

  #connected(): Promise<HelperProcess> {
    if (this.#closed) throw new SandboxError("The tools of this sandbox were closed.");
    if (this.#current) return this.#current;
    const starting = startHelper(this.#sandbox);
    this.#current = starting;
    const forget = (): void => {
      if (this.#current === starting) this.#current = null;
    };
    void starting.then(({ process }) => process.exit.then(forget), forget);
    return starting;
  }
}

async function startHelper(sandbox: Sandbox): Promise<HelperProcess> {
  const script = await readFile(new URL("helper.sh", import.meta.url), "utf8");
  return followHelper(await makingRoom(sandbox, () => sandbox.spawn(["sh", "-c", script])));
}

/** @throws SandboxError where the request's body could not be laid down */
export function withRoom(answer: HelperAnswer): HelperAnswer {
  if (answer.status !== "noroom") return answer;
  throw new SandboxError(
    "The sandbox has no room for a temporary file: its /tmp is full or cannot be written.",
  );
}
