/** What the person, or whoever ended the program, wants: Ctrl-C asks for a pause, once more for a stop. */
export interface StopWishes {
  /** resolves at the first Ctrl-C */
  readonly pause: Promise<void>;
  /** resolves at the second, at a SIGTERM, or when the terminal or the reader of the output has gone */
  readonly stop: Promise<void>;
  /** nobody reads any more */
  readonly stopNow: () => void;
}

/** @param leave what the third Ctrl-C does, at once */
export function listenForStops(signals: NodeJS.Process, leave: () => void): StopWishes {
  const pause = Promise.withResolvers<void>();
  const stop = Promise.withResolvers<void>();
  let asked = 0;
  signals.on("SIGINT", () => {
    asked += 1;
    if (asked === 1) pause.resolve();
    else if (asked === 2) stop.resolve();
    else leave();
  });
  for (const name of ["SIGTERM", "SIGHUP"] as const) signals.on(name, () => stop.resolve());
  return { pause: pause.promise, stop: stop.promise, stopNow: () => stop.resolve() };
}
