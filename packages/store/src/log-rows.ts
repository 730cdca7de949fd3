/**
 * The events of a log for readers: seq by seq without a gap. What cannot be read is stepped over, and the seqs that are
 * missing between its neighbours are each stood for by an UnreadableEvent.
 */
import type { StoredEvent } from "@openhands/protocol";
import type { LogSource } from "./log-file.ts";
import { eventOfLine, type LogLine, noTime, unreadableEvent } from "./log-line.ts";
import { placeBefore, placeOf } from "./log-scan.ts";
import { readableBackward, readableForward } from "./readable-lines.ts";
import type { EventFilter } from "./store.ts";
import { textsOf } from "./texts-of.ts";

/** Seqs from `from` up to and without `before`. */
export interface SeqRange {
  readonly from: number;
  readonly before: number;
}

/** The part of `filter` that a place in the log answers. */
export function rangeOf(filter: EventFilter, lastSeq: number): SeqRange {
  return {
    from: Math.max(0, (filter.afterSeq ?? -1) + 1),
    before: Math.min(lastSeq + 1, filter.beforeSeq ?? Number.POSITIVE_INFINITY),
  };
}

/** True when a filter asks for more than a range. */
export function isSelective(filter: EventFilter): boolean {
  const { kind, source, body, json } = filter;
  return [kind, source, body, json].some((asked) => asked !== undefined);
}

/** Events of `range` that pass `filter`, in ascending order. */
export async function* rowsForward(
  source: LogSource,
  range: SeqRange,
  filter: EventFilter,
): AsyncGenerator<StoredEvent> {
  if (range.from >= range.before) return;
  const select = selector(filter);
  const end = source.committed;
  let expected = range.from;
  let time = noTime;
  const start = await placeBefore(source, range.from, end);
  for await (const { line, text } of readableForward(source, start, end)) {
    while (expected < Math.min(line.seq, range.before)) yield* select.missing(expected++, time);
    if (expected >= range.before) return;
    if (line.seq === expected) {
      yield* select.line(line, text);
      expected += 1;
    }
    time = timeOf(line);
  }
}

/** The same in descending order. */
export async function* rowsBackward(
  source: LogSource,
  range: SeqRange,
  filter: EventFilter,
): AsyncGenerator<StoredEvent> {
  if (range.from >= range.before) return;
  const select = selector(filter);
  let expected = range.before - 1;
  const end = await placeOf(source, range.before, source.committed);
  for await (const { line, text } of readableBackward(source, end)) {
    const floor = Math.max(line.seq, range.from - 1);
    while (expected > floor) yield* select.missing(expected--, timeOf(line));
    if (expected < range.from) return;
    if (line.seq === expected) {
      yield* select.line(line, text);
      expected -= 1;
    }
  }
  while (expected >= range.from) yield* select.missing(expected--, noTime);
}

function timeOf(line: LogLine): string {
  return "timestamp" in line.value && typeof line.value.timestamp === "string"
    ? line.value.timestamp
    : noTime;
}

/** Each gives the event of its place when it passes the filter, else nothing. */
interface Selector {
  line(line: LogLine, text: string): Generator<StoredEvent>;
  missing(seq: number, timestamp: string): Generator<StoredEvent>;
}

function selector(filter: EventFilter): Selector {
  const body = filter.body?.toLowerCase();
  const needles = [body === undefined ? undefined : inJson(body), filter.json?.toLowerCase()].filter(
    (needle) => needle !== undefined,
  );

  /** what costs little is asked first: of a whole log most lines are none of these */
  function holds(text: string): boolean {
    if (needles.length === 0) return true;
    const lower = text.toLowerCase();
    return needles.every((needle) => lower.includes(needle));
  }

  function* select(event: StoredEvent): Generator<StoredEvent> {
    if (filter.kind !== undefined && event.kind !== filter.kind) return;
    if (filter.source !== undefined && event.source !== filter.source) return;
    if (body !== undefined && !textsOf(event).some((text) => text.toLowerCase().includes(body))) return;
    yield event;
  }

  return {
    *line(line, text) {
      if (holds(text)) yield* select(eventOfLine(line));
    },
    *missing(seq, timestamp) {
      const event = unreadableEvent(seq, timestamp);
      if (needles.length === 0 || holds(JSON.stringify(event))) yield* select(event);
    },
  };
}

/** As it stands in the text of the log. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
