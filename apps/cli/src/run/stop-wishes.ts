/** What the person, or whoever ended the program, wants: Ctrl-C asks for a pause, once more for a stop. */
export interface StopWishes {
  /** resolves at the first Ctrl-C */
  readonly pause: Promise<void>;
  /** resolves at the second, at a SIGTERM, or when the terminal or the output has gone, with what is told of it */
  readonly stop: Promise<string>;
  /** the output can't be written any more */
  readonly outputGone: () => void;
}

/** @param leave what the third Ctrl-C does, at once */
export function listenForStops(signals: NodeJS.Process, leave: () => void): StopWishes {
  const pause = Promise.withResolvers<void>();
  const stop = Promise.withResolvers<string>();
  let asked = 0;
  signals.on("SIGINT", () => {
    asked += 1;
    if (asked === 1) pause.resolve();
    else if (asked === 2) stop.resolve("Stopped.");
    else leave();
  });
  for (const name of ["SIGTERM", "SIGHUP"] as const)
    signals.on(name, () => stop.resolve(`Stopped by ${name}.`));
  const outputGone = (): void => stop.resolve("Stopped: what is printed can't be written any more.");
  return { pause: pause.promise, stop: stop.promise, outputGone };
}
