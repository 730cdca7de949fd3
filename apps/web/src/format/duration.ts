/** How long something took, with its unit: `12 ms`, `4.2 s`, `48 s`, `3 min 5 s`, `2 h 4 min`. */
export function durationWords(milliseconds: number): string {
  const time = Math.max(0, milliseconds);
  if (time < 1_000) return `${Math.round(time)} ms`;
  if (time < 9_950) return `${(time / 1_000).toFixed(1)} s`;
  const seconds = Math.round(time / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(`${minutes} min`, seconds % 60, "s");
  return joined(`${Math.floor(minutes / 60)} h`, minutes % 60, "min");
}

function joined(large: string, rest: number, unit: string): string {
  return rest === 0 ? large : `${large} ${rest} ${unit}`;
}

/** Milliseconds between two ISO times; null where one is unreadable or the clocks disagree. */
export function elapsed(from: string, to: string): number | null {
  const time = Date.parse(to) - Date.parse(from);
  return Number.isFinite(time) && time >= 0 ? time : null;
}
