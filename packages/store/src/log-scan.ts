/**
 * Finding and walking lines in a log by byte offsets, in chunks: what this holds in memory depends on the longest line,
 * never on the length of the log.
 */
import type { LogSource } from "./log-file.ts";
import { parseLine, seqOfLine } from "./log-line.ts";

const chunkSize = 64 * 1024;
const newline = 0x0a;

/** A line, readable or not, without its line end. */
export interface RawLine {
  readonly start: number;
  readonly text: string;
}

/** Lines from `from`, the start of a line, up to `end`. */
export async function* linesForward(source: LogSource, from: number, end: number): AsyncGenerator<RawLine> {
  let pieces: Buffer[] = [];
  let start = from;
  for (let position = from; position < end;) {
    const chunk = await source.read(position, Math.min(chunkSize, end - position));
    if (chunk.length === 0) break;
    position += chunk.length;
    let used = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, used)) {
      const line = joined([...pieces, chunk.subarray(used, at)]);
      yield { start, text: line.toString() };
      start += line.length + 1;
      pieces = [];
      used = at + 1;
    }
    pieces.push(chunk.subarray(used));
  }
  const rest = joined(pieces);
  if (rest.length > 0) yield { start, text: rest.toString() };
}

/** Lines before `end`, the last one first. `end` is the start of a line or the end of the log. */
export async function* linesBackward(source: LogSource, end: number): AsyncGenerator<RawLine> {
  let pieces: Buffer[] = [];
  for (let position = end; position > 0;) {
    const length = Math.min(chunkSize, position);
    const chunk = await source.read(position - length, length);
    position -= length;
    let used = chunk.length;
    for (let at = chunk.lastIndexOf(newline); at >= 0; at = previousNewline(chunk, used)) {
      yield { start: position + at + 1, text: joined([chunk.subarray(at + 1, used), ...pieces]).toString() };
      pieces = [];
      used = at;
    }
    pieces.unshift(chunk.subarray(0, used));
  }
  const rest = joined(pieces);
  if (rest.length > 0) yield { start: 0, text: rest.toString() };
}

/** The line break before `used`; a negative place would count from the end. */
function previousNewline(chunk: Buffer, used: number): number {
  return used === 0 ? -1 : chunk.lastIndexOf(newline, used - 1);
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return pieces.length === 1 && only ? only : Buffer.concat(pieces);
}

/** The last whole line and where it ends, without its comma. */
export async function lastLine(
  source: LogSource,
): Promise<{ readonly seq: number; readonly end: number } | null> {
  for await (const { start, text } of linesBackward(source, source.committed)) {
    const line = parseLine(text);
    if (line === null) continue;
    const whole = text.slice(0, text.lastIndexOf("}") + 1);
    return { seq: line.seq, end: start + Buffer.byteLength(whole) };
  }
  return null;
}

/** The start of a whole line not far before the first one with `seq` or more, or 0; found by bisecting. */
export async function placeBefore(source: LogSource, seq: number, end: number): Promise<number> {
  let low = 0;
  let high = end;
  while (high - low > chunkSize / 4) {
    const middle = low + Math.floor((high - low) / 2);
    const line = await firstWholeLine(source, middle, high);
    if (line === null || line.seq >= seq) high = middle;
    else low = line.start;
  }
  return low;
}

/** The start of the first line with `seq` or more, or `end`. */
export async function placeOf(source: LogSource, seq: number, end: number): Promise<number> {
  const from = await placeBefore(source, seq, end);
  for await (const line of linesForward(source, from, end)) {
    if ((seqOfLine(line.text) ?? -1) >= seq) return line.start;
  }
  return end;
}

/** The first whole line that starts behind `from` and ends before `end`. */
async function firstWholeLine(
  source: LogSource,
  from: number,
  end: number,
): Promise<{ readonly start: number; readonly seq: number } | null> {
  let isFirst = true;
  for await (const { start, text } of linesForward(source, from, end)) {
    // the first is what is left of a line that starts before
    const line = isFirst ? null : parseLine(text);
    isFirst = false;
    if (line !== null) return { start, seq: line.seq };
  }
  return null;
}
