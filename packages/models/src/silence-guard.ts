/** Ends a call whose provider keeps silent for too long or does not come to an end, and one that the person stops. */
import { AnswerFault } from "./answer-fault.ts";
import type { TimeLimits } from "./model.ts";

/** Starts counting when made. `close` must be called, also after success. */
export class SilenceGuard {
  readonly #controller = new AbortController();
  readonly #stopped: AbortSignal;
  readonly #limits: TimeLimits;
  readonly #callTimer: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout;
  #heard = false;
  #fault: AnswerFault | null = null;

  /** @param stopped the person's signal */
  constructor(limits: TimeLimits, stopped: AbortSignal) {
    this.#limits = limits;
    this.#stopped = stopped;
    stopped.addEventListener("abort", this.#onStopped);
    if (stopped.aborted) this.#onStopped();
    const { callSeconds } = limits;
    if (callSeconds !== undefined)
      this.#callTimer = setTimeout(() => this.#tooLong("call", callSeconds), callSeconds * 1000);
    this.#timer = setTimeout(
      () => this.#tooLong("first-byte", limits.firstByteSeconds),
      limits.firstByteSeconds * 1000,
    );
  }

  /** what the call must listen to */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** why the guard ended the call; null where it did not */
  get fault(): AnswerFault | null {
    return this.#fault;
  }

  /** A part of the answer has come. */
  heard(): void {
    if (this.#heard) {
      this.#timer.refresh();
      return;
    }
    this.#heard = true;
    clearTimeout(this.#timer);
    const { silenceSeconds } = this.#limits;
    this.#timer = setTimeout(() => this.#tooLong("silence", silenceSeconds), silenceSeconds * 1000);
  }

  /** Closes the socket of an answer that will not be read to its end. */
  abandon(): void {
    this.#controller.abort();
  }

  /** Stops counting. */
  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#callTimer);
    this.#stopped.removeEventListener("abort", this.#onStopped);
  }

  readonly #onStopped = (): void => this.#controller.abort(this.#stopped.reason);

  #tooLong(fault: "first-byte" | "silence" | "call", seconds: number): void {
    this.#fault = new AnswerFault(fault, seconds);
    this.#controller.abort(this.#fault);
  }
}
