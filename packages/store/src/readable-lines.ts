/**
 * The lines of a log that can be read. What cannot is stepped over, unless all that lies between two that can is events
 * which somebody's editor has spread over several lines: these are still whole.
 */
import { parseJson } from "./documents.ts";
import type { LogSource } from "./log-file.ts";
import { type LogLine, logStart, parseLine } from "./log-line.ts";
import { linesBackward, linesForward } from "./log-scan.ts";

export interface ReadableLine {
  readonly line: LogLine;
  readonly text: string;
}

/** Characters; more between two lines that can be read is no hand's work, and would have to be held in memory. */
const longestSpread = 16 * 1024 * 1024;

/** From `from`, the start of a line, up to `end`. */
export async function* readableForward(
  source: LogSource,
  from: number,
  end: number,
): AsyncGenerator<ReadableLine> {
  const unread = new UnreadLines();
  for await (const { text } of linesForward(source, from, end)) {
    const line = parseLine(text);
    if (line === null) {
      unread.add(text);
      continue;
    }
    for (const spread of eventsIn(unread.take())) if (spread.line.seq < line.seq) yield spread;
    yield { line, text };
  }
}

/** Those before `end`, the last one first. */
export async function* readableBackward(source: LogSource, end: number): AsyncGenerator<ReadableLine> {
  const unread = new UnreadLines();
  for await (const { text } of linesBackward(source, end)) {
    const line = parseLine(text);
    if (line === null) {
      unread.add(text);
      continue;
    }
    const spread = eventsIn(unread.take().toReversed()).filter((each) => each.line.seq > line.seq);
    yield* spread.toReversed();
    yield { line, text };
  }
  yield* eventsIn(unread.take().toReversed()).toReversed();
}

class UnreadLines {
  #texts: string[] = [];
  #length = 0;

  add(text: string): void {
    this.#length += text.length + 1;
    if (this.#length <= longestSpread) this.#texts.push(text);
    else this.#texts = [];
  }

  /** Begins anew. */
  take(): readonly string[] {
    const texts = this.#texts;
    this.#texts = [];
    this.#length = 0;
    return texts;
  }
}

/** None where not all of it is events in the order of their seqs. */
function eventsIn(texts: readonly string[]): readonly ReadableLine[] {
  if (texts.length === 0) return [];
  const text = texts.join("\n").trim().replace(/,$/, "");
  const values = parseJson(text.startsWith(logStart) ? `${text}]` : `[${text}]`);
  if (!Array.isArray(values)) return [];
  const events: ReadableLine[] = [];
  for (const value of values) {
    const encoded = JSON.stringify(value);
    const line = parseLine(encoded);
    if (line === null || line.seq <= (events.at(-1)?.line.seq ?? -1)) return [];
    events.push({ line, text: encoded });
  }
  return events;
}
