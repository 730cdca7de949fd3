/** When a failed call is tried again, and how long is waited before. */
import { setTimeout as delay } from "node:timers/promises";
import type { Failure } from "./failure.ts";
import { type AskOptions, ModelError } from "./model.ts";

/** A provider that asks for more patience than this is answered by giving up, so that the person decides. */
const longestWaitSeconds = 600;
const firstWaitSeconds = 2;
const longestBackoffSeconds = 60;

export interface RetryOptions extends Pick<AskOptions, "signal" | "onRetry" | "onTry"> {
  /** the first included */
  readonly attempts: number;
  /** @returns null for what is no failure of a provider: it is thrown as it is */
  readonly classify: (error: unknown) => Failure | null;
  readonly clock: RetryClock;
}

export interface RetryClock {
  /** from 0 up to 1 */
  readonly random: () => number;
  /** Rejects when `signal` is aborted. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
}

export const realClock: RetryClock = {
  random: Math.random,
  sleep: (seconds, signal) => delay(seconds * 1000, undefined, { signal }),
};

/** @throws ModelError after the last try; the signal's reason where it is aborted */
export async function withRetries<T>(tryOnce: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, clock } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      signal.throwIfAborted();
      options.onTry?.();
      return await tryOnce();
    } catch (error) {
      signal.throwIfAborted();
      const failure = options.classify(error);
      if (!failure) throw error;
      const seconds = failure.retryAfterSeconds ?? backoffSeconds(attempt, clock.random());
      if (!failure.retry || attempt >= options.attempts || seconds > longestWaitSeconds) {
        throw new ModelError(failure.kind, finalMessage(failure, attempt), { cause: failure.cause });
      }
      await waitForRetry(seconds, options, (now) => {
        const { kind, message: detail } = failure;
        options.onRetry({ kind, detail, seconds, attempt, attempts: options.attempts, now });
      });
    }
  }
}

/** Doubles from try to try; up to a half is taken off by chance, so that many conversations do not come back at once. */
function backoffSeconds(attempt: number, random: number): number {
  const longest = Math.min(firstWaitSeconds * 2 ** (attempt - 1), longestBackoffSeconds);
  return longest * (1 - random / 2);
}

/** @param tell given what ends the wait before its time */
async function waitForRetry(
  seconds: number,
  { signal, clock }: RetryOptions,
  tell: (now: () => void) => void,
): Promise<void> {
  const hurry = new AbortController();
  tell(() => hurry.abort());
  try {
    await clock.sleep(seconds, AbortSignal.any([signal, hurry.signal]));
  } catch (error) {
    signal.throwIfAborted();
    if (!hurry.signal.aborted) throw error;
  }
}

function finalMessage(failure: Failure, attempt: number): string {
  if (failure.retryAfterSeconds !== null && failure.retryAfterSeconds > longestWaitSeconds) {
    return `${failure.message} It asks to wait ${Math.ceil(failure.retryAfterSeconds / 60)} minutes.`;
  }
  return attempt > 1 ? `${failure.message} (Tried ${attempt} times.)` : failure.message;
}
