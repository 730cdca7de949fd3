/** What a process is told from outside: to stop in order, and, once more, to end at once. */

/**
 * Who ends a whole group of processes (a service manager, `timeout`, a terminal) reaches this one by several ways at
 * once, since npm and `npm start` pass on what they are told: what comes within so long is one wish.
 */
export const oneWishMs = 100;

export interface StopWishes {
  readonly first: () => void;
  readonly again: () => void;
  /** milliseconds on a clock that only goes forward */
  readonly now: () => number;
}

/** A process, as far as it tells of signals. */
export interface SignalSource {
  on(name: "SIGTERM" | "SIGINT" | "SIGHUP", listener: () => void): unknown;
}

export function onStopSignals(signals: SignalSource, wishes: StopWishes): void {
  let began: number | null = null;
  const stop = (): void => {
    if (began !== null) return;
    began = wishes.now();
    wishes.first();
  };
  const stopOrLeave = (): void => {
    if (began !== null && wishes.now() - began >= oneWishMs) wishes.again();
    else stop();
  };
  signals.on("SIGTERM", stopOrLeave);
  signals.on("SIGINT", stopOrLeave);
  // the terminal is gone, which several say, and sooner or later
  signals.on("SIGHUP", stop);
}
