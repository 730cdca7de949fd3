/**
 * How fast a shell's output is read. A command that prints without end keeps the terminal, the engine and this server
 * busy all at once, and other conversations would wait behind it; so beyond an allowance that hardly any build uses up
 * it is read no faster than two fifths of what two cores can do. Nothing is lost: the command waits in its write.
 */
import type { Readable } from "node:stream";

export interface PaceLimits {
  /** read at any speed, in units of cost; comes back at the rate below */
  readonly allowance: number;
  /** units of cost a second */
  readonly perSecond: number;
}

/** Measured with `npm run bench -- terminal`: unheeded, `yes` makes 58 million units a second on two cores. */
const defaultLimits: PaceLimits = { allowance: 64e6, perSecond: 24e6 };

/** A byte costs one; a line's end as much as these bytes, for the kernel's terminal takes each by itself. */
const lineEndCost = 14;
/** bytes of a chunk that are looked at: the rest is like them */
const sampleBytes = 1024;

export class OutputPace {
  readonly #limits: PaceLimits;
  readonly #now: () => number;
  #left: number;
  /** milliseconds */
  #at: number;

  constructor(limits: PaceLimits = defaultLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
    this.#left = limits.allowance;
    this.#at = now();
  }

  /** @returns milliseconds for which nothing more is to be read after `chunk` */
  restAfter(chunk: Buffer): number {
    const { allowance, perSecond } = this.#limits;
    const now = this.#now();
    const regained = ((now - this.#at) / 1000) * perSecond;
    this.#left = Math.min(allowance, this.#left + regained) - costOf(chunk);
    this.#at = now;
    return this.#left >= 0 ? 0 : (-this.#left / perSecond) * 1000;
  }
}

/** Has `source` rest whenever what came of it was too much; data events go on as before. */
export function keepPace(source: Readable, pace: OutputPace = new OutputPace()): void {
  source.on("data", (chunk: Buffer) => {
    const rest = pace.restAfter(chunk);
    if (rest < shortestRest) return;
    source.pause();
    setTimeout(() => source.resume(), rest).unref();
  });
}

/** A timer is not finer, milliseconds. What is not rested now is rested later. */
const shortestRest = 2;

function costOf(chunk: Buffer): number {
  const sample = chunk.subarray(0, sampleBytes);
  let lineEnds = 0;
  for (const byte of sample) if (byte === 0x0a) lineEnds += 1;
  return chunk.length + (lineEndCost * lineEnds * chunk.length) / Math.max(1, sample.length);
}
