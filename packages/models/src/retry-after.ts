import type { Evidence } from "./failure-evidence.ts";

/**
 * The seconds that a provider asks to wait: `retry-after-ms`, `Retry-After` as seconds or as a date, Google's
 * `retryDelay` in the body, or when a used-up limit begins anew (OpenAI's and Groq's durations, Anthropic's times). Null
 * where it does not say.
 */
export function retryAfterSeconds(evidence: Pick<Evidence, "headers" | "words">, now: Date): number | null {
  const { headers, words } = evidence;
  const milliseconds = positive(headers["retry-after-ms"]);
  if (milliseconds !== null) return milliseconds / 1000;
  const header = headers["retry-after"];
  const seconds = positive(header);
  if (seconds !== null) return seconds;
  const untilDate = secondsUntil(header, now);
  if (untilDate !== null) return untilDate;
  return positive(/"retryDelay":\s*"([\d.]+)s"/.exec(words)?.[1]) ?? secondsToReset(headers, now);
}

/** Of the limits that have nothing left, the one that begins anew last. */
function secondsToReset(headers: Evidence["headers"], now: Date): number | null {
  const resets = Object.entries(headers).flatMap(([name, left]) => {
    const limit = /^(x|anthropic)-ratelimit-(remaining-)?([a-z-]+?)(-remaining)?$/.exec(name);
    if (limit === null || Number(left) !== 0 || !name.includes("remaining")) return [];
    const reset =
      headers[`x-ratelimit-reset-${limit[3]}`] ?? headers[`anthropic-ratelimit-${limit[3]}-reset`];
    const seconds = durationSeconds(reset) ?? secondsUntil(reset, now);
    return seconds === null ? [] : [seconds];
  });
  return resets.length === 0 ? null : Math.max(...resets);
}

/** `1h2m3.5s`, `6m0s`, `120ms` */
function durationSeconds(text: string | undefined): number | null {
  const parts = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:([\d.]+)ms)?$/.exec(text ?? "");
  if (parts === null || parts[0] === "") return null;
  const [hours, minutes, seconds, milliseconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0) + (milliseconds ?? 0) / 1000;
}

function secondsUntil(time: string | undefined, now: Date): number | null {
  const date = Date.parse(time ?? "");
  return Number.isNaN(date) ? null : Math.max(0, (date - now.getTime()) / 1000);
}

function positive(text: string | undefined): number | null {
  if (text === undefined || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : null;
}
