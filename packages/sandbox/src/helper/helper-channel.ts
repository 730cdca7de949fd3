/**
 * The pipe to the resident helper: spawned at the first request, one request at a time, spawned again when it died or
 * when a request was given up. Every operation can be done twice without harm, so one that a dying helper did not answer
 * is asked of a fresh one, once.
 */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { makingRoom, relieved } from "../make-room.ts";
import { type Sandbox, SandboxError, type SandboxProcess } from "../sandbox.ts";
import { AnswerReader, encodeRequest, type HelperAnswer, type HelperRequest } from "./helper-frames.ts";

/** Enough that no answer has it by chance; sh reads each byte of it by itself. */
const nonceLength = 13;

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
    const nonce = randomUUID().slice(0, nonceLength);
    try {
      const answer = exchange(helper, {
        nonce,
        bytes: encodeRequest(nonce, request),
        lateLine: request.lateLine,
        stop: signal,
        answerSeconds,
      });
      return await relieved(this.#sandbox, answer);
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

interface HelperProcess {
  readonly process: SandboxProcess;
  ended: boolean;
  /** called at its end; one for all requests, for what hangs on a promise stays there as long as the promise */
  onEnd: () => void;
}

async function startHelper(sandbox: Sandbox): Promise<HelperProcess> {
  const script = await readFile(new URL("helper.sh", import.meta.url), "utf8");
  const process = await makingRoom(sandbox, () => sandbox.spawn(["sh", "-c", script]));
  // A write to a helper that has ended is no news: its exit tells.
  process.stdin.on("error", () => {});
  process.stderr.resume();
  const helper: HelperProcess = { process, ended: false, onEnd: () => {} };
  void noticeEnd(helper);
  return helper;
}

async function noticeEnd(helper: HelperProcess): Promise<void> {
  await helper.process.exit;
  helper.ended = true;
  helper.onEnd();
}

function noAnswer(seconds: number): SandboxError {
  return new SandboxError(
    `The sandbox did not answer within ${seconds} seconds. It may be out of memory or processes.`,
  );
}

interface Request {
  readonly nonce: string;
  readonly bytes: Buffer;
  readonly lateLine: HelperRequest["lateLine"];
  readonly stop: AbortSignal | undefined;
  readonly answerSeconds: number;
}

/** More than any answer has; the agent may have put something else in the helper's place. */
const longestAnswer = 64 * 1024 * 1024;

/**
 * @returns null when the helper ended before it answered
 * @throws SandboxError where the answer does not come in time or has no end; the signal's reason when stopped
 */
function exchange(
  helper: HelperProcess,
  { nonce, bytes, lateLine, stop, answerSeconds }: Request,
): Promise<HelperAnswer | null> {
  const { process } = helper;
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader(nonce);
    const settle = (act: () => void): void => {
      clearTimeout(late);
      process.stdout.off("data", onData);
      stop?.removeEventListener("abort", onAbort);
      helper.onEnd = () => {};
      act();
    };
    const onData = (chunk: Buffer): void => {
      const answer = reader.push(chunk);
      if (answer) settle(() => resolve(answer));
      else if (reader.length > longestAnswer) {
        settle(() => reject(new SandboxError("The sandbox's answer to a request for a file has no end.")));
      }
    };
    const onAbort = (): void => settle(() => reject(stop?.reason));
    const late = setTimeout(() => settle(() => reject(noAnswer(answerSeconds))), answerSeconds * 1000);
    late.unref();
    if (stop?.aborted) return onAbort();
    if (helper.ended) return settle(() => resolve(null));
    stop?.addEventListener("abort", onAbort);
    process.stdout.on("data", onData);
    helper.onEnd = () => settle(() => resolve(null));
    process.stdin.write(bytes);
    if (lateLine) setImmediate(() => process.stdin.write(`${lateLine()}\n`));
  });
}

/** @throws SandboxError where the request's body could not be laid down */
export function withRoom(answer: HelperAnswer): HelperAnswer {
  if (answer.status !== "noroom") return answer;
  throw new SandboxError(
    "The sandbox has no room for a temporary file: its /tmp is full or cannot be written.",
  );
}
