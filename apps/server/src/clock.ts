/** Time, as far as behaviour depends on it: an argument, so that a test need not wait. */
export interface Clock {
  /** milliseconds since 1970 */
  now(): number;
  /** Calls `act` once, or after every so many milliseconds; returns the way to call it off. Keeps no process alive. */
  after(milliseconds: number, act: () => void): () => void;
  every(milliseconds: number, act: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  every(milliseconds, act) {
    const timer = setInterval(act, milliseconds).unref();
    return () => clearInterval(timer);
  },
};
