/** A resident process in the sandbox that answers requests, one at a time, and may end at any moment. */
import { randomUUID } from "node:crypto";
import { SandboxError, type SandboxProcess } from "../sandbox.ts";
import { AnswerReader, encodeRequest, type HelperAnswer, type HelperRequest } from "./helper-frames.ts";

export interface HelperProcess {
  readonly process: SandboxProcess;
  ended: boolean;
  /** called at its end; one for all requests, for what hangs on a promise stays there as long as the promise */
  onEnd: () => void;
}

export interface ExchangeOptions {
  readonly signal: AbortSignal | undefined;
  /** after which the request is given up */
  readonly answerSeconds: number;
}

/** Takes a process that was just spawned for one that answers. */
export function followHelper(process: SandboxProcess): HelperProcess {
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

/** Enough that no answer has it by chance; sh reads each byte of it by itself. */
const nonceLength = 13;
/** More than any answer has; the agent may have put something else in the helper's place. */
const longestAnswer = 64 * 1024 * 1024;

/**
 * @returns null when the helper ended before it answered
 * @throws SandboxError where the answer does not come in time or has no end; the signal's reason when aborted. What it may
 * still answer then belongs to nobody: it can't be asked again
 */
export function exchange(
  helper: HelperProcess,
  request: HelperRequest,
  { signal, answerSeconds }: ExchangeOptions,
): Promise<HelperAnswer | null> {
  const { process } = helper;
  const { lateLine } = request;
  const nonce = randomUUID().slice(0, nonceLength);
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader(nonce);
    const settle = (act: () => void): void => {
      clearTimeout(late);
      process.stdout.off("data", onData);
      signal?.removeEventListener("abort", onAbort);
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
    const onAbort = (): void => settle(() => reject(signal?.reason));
    const late = setTimeout(() => settle(() => reject(noAnswer(answerSeconds))), answerSeconds * 1000);
    late.unref();
    if (signal?.aborted) return onAbort();
    if (helper.ended) return settle(() => resolve(null));
    signal?.addEventListener("abort", onAbort);
    process.stdout.on("data", onData);
    helper.onEnd = () => settle(() => resolve(null));
    process.stdin.write(encodeRequest(nonce, request));
    if (lateLine) setImmediate(() => process.stdin.write(`${lateLine()}\n`));
  });
}
