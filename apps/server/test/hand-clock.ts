/** A clock that stands until a test moves it on. */
import type { Clock } from "../src/clock.ts";

export interface HandClock extends Clock {
  /** Does all that is due on the way, in order of its time. */
  pass(milliseconds: number): void;
}

interface Due {
  at: number;
  readonly act: () => void;
  /** null: once */
  readonly every: number | null;
}

export function handClock(): HandClock {
  let now = Date.now();
  const waiting = new Set<Due>();
  const wait = (milliseconds: number, act: () => void, every: number | null): (() => void) => {
    const due = { at: now + milliseconds, act, every };
    waiting.add(due);
    return () => void waiting.delete(due);
  };
  return {
    now: () => now,
    after: (milliseconds, act) => wait(milliseconds, act, null),
    every: (milliseconds, act) => wait(milliseconds, act, milliseconds),
    pass(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const [next] = [...waiting].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = next.at;
        if (next.every === null) waiting.delete(next);
        else next.at += next.every;
        next.act();
      }
      now = end;
    },
  };
}
