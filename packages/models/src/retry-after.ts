import type { Evidence } from "./failure-evidence.ts";

/**
 * The seconds that a provider asks to wait: `retry-after-ms`, `Retry-After` as seconds or as a date, or Google's
 * `retryDelay` in the body. Null where it does not say.
 */
export function retryAfterSeconds(evidence: Pick<Evidence, "headers" | "words">, now: Date): number | null {
  const { headers, words } = evidence;
  const milliseconds = positive(headers["retry-after-ms"]);
  if (milliseconds !== null) return milliseconds / 1000;
  const header = headers["retry-after"];
  const seconds = positive(header);
  if (seconds !== null) return seconds;
  const date = Date.parse(header ?? "");
  if (!Number.isNaN(date)) return Math.max(0, (date - now.getTime()) / 1000);
  return positive(/"retryDelay":\s*"([\d.]+)s"/.exec(words)?.[1]);
}

function positive(text: string | undefined): number | null {
  if (text === undefined || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : null;
}
