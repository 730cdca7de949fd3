export interface BackoffLimits {
  /** milliseconds before the first new try */
  readonly first: number;
  /** milliseconds that no wait exceeds */
  readonly longest: number;
}

/**
 * Milliseconds to wait before try number `attempt` (from 0): doubling, with the upper half of each wait left to chance
 * so that many clients do not come back at the same moment.
 * @param random 0 up to 1
 */
export function backoffDelay(attempt: number, limits: BackoffLimits, random: number): number {
  const ceiling = Math.min(limits.longest, limits.first * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
