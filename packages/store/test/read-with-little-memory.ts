/** A log far larger than the memory that its reader is given. */
import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { eventIdFor, noRandomness } from "@openhands/protocol";
import { messageDraft, temporaryHome } from "@openhands/testing";

const reader = fileURLToPath(new URL("read-large-log.ts", import.meta.url));
const linesAtOnce = 5000;

interface Reading {
  readonly events: number;
  readonly rss: number;
}

/**
 * Reads a log of `events` events of 1 kB each in a process with a heap of 64 MB.
 * @returns what it read, and the most memory that the process took, in bytes
 */
export async function readWithLittleMemory(events: number): Promise<Reading> {
  await using home = await temporaryHome();
  const path = join(home.path, "events.json");
  const file = await open(path, "w");
  for (let from = 0; from < events; from += linesAtOnce) {
    const lines = Array.from({ length: Math.min(linesAtOnce, events - from) }, (_, index) =>
      lineOf(from + index),
    );
    await file.write(`${from === 0 ? "[\n" : ",\n"}${lines.join(",\n")}`);
  }
  await file.write("\n]\n");
  await file.close();
  const { stdout } = await promisify(execFile)(process.execPath, ["--max-old-space-size=64", reader, path]);
  const reading: Reading = JSON.parse(stdout);
  return reading;
}

function lineOf(seq: number): string {
  const id = eventIdFor(seq, noRandomness);
  const timestamp = new Date(0).toISOString();
  return JSON.stringify({ seq, id, timestamp, ...messageDraft(`event ${seq} ${"x".repeat(800)}`) });
}
