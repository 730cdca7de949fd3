/** One measurement of the whole system: what is promised, and what was seen. */
export interface Bench {
  readonly name: string;
  /** in words, from docs/architecture.md */
  readonly promise: string;
  /** A line each: what was measured, and the figure. */
  run(): Promise<readonly Figure[]>;
}

export interface Figure {
  readonly what: string;
  readonly value: string;
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** e.g. "p50 3.1 ms, p95 6.0 ms (n 200)" */
export function milliseconds(values: readonly number[]): string {
  const shown = (part: number): string => quantile(values, part).toFixed(1);
  return `p50 ${shown(0.5)} ms, p95 ${shown(0.95)} ms (n ${values.length})`;
}
