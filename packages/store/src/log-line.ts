/**
 * One line of `events.json`. Between `[` and `]` each event is one line, a comma after all but the last:
 *
 *     [
 *     {"seq":0,"id":"…","timestamp":"…",…},
 *     {"seq":1,"id":"…","timestamp":"…",…}
 *     ]
 *
 * `seq` comes first, so that a line's place is known from its first bytes.
 */
import { eventIdFor, noRandomness, type OtherEvent, parseEvent, type StoredEvent } from "@openhands/protocol";
import { parseJson } from "./documents.ts";

/** Opens the file; each line brings the line end before it. */
export const logStart = "[";
/** Stands after the last event whenever nobody is writing. */
export const logEnd = "\n]\n";

/** A line that is a whole object with a place in the log, whatever else it holds. */
export interface LogLine {
  readonly seq: number;
  readonly value: object;
}

/** The line of an event, `seq` first. */
export function encodeLine(event: { readonly seq: number }): string {
  const { seq, ...rest } = event;
  return JSON.stringify({ seq, ...rest });
}

/** null for anything but a whole line */
export function parseLine(text: string): LogLine | null {
  if (!text.startsWith("{")) return null;
  const value = parseJson(text.slice(0, text.lastIndexOf("}") + 1));
  if (typeof value !== "object" || value === null || !("seq" in value)) return null;
  return isSeq(value.seq) ? { seq: value.seq, value } : null;
}

/** The place of a line, from its first bytes where they tell it. */
export function seqOfLine(text: string): number | null {
  const match = /^\{"seq":(\d{1,15})[,}]/.exec(text);
  return match ? Number(match[1]) : (parseLine(text)?.seq ?? null);
}

export function isSeq(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** The event of a line; where its fields are not those of its kind, an event that stands for it. */
export function eventOfLine(line: LogLine): StoredEvent {
  try {
    return parseEvent(line.value);
  } catch {
    const { id, timestamp } = line.value as { id?: unknown; timestamp?: unknown };
    const event = unreadableEvent(line.seq, typeof timestamp === "string" ? timestamp : noTime);
    return typeof id === "string" ? { ...event, id } : event;
  }
}

export const noTime = new Date(0).toISOString();

/** Stands for a seq whose line cannot be read; always the same for the same place. */
export function unreadableEvent(seq: number, timestamp: string): OtherEvent {
  return {
    id: eventIdFor(seq, noRandomness),
    seq,
    timestamp,
    source: "environment",
    kind: "UnreadableEvent",
    detail: "This part of the log could not be read.",
  };
}
