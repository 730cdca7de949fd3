import { execFile } from "node:child_process";
import { appendFile, open } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { eventIdFor, noRandomness } from "@openhands/protocol";
import { messageDraft, temporaryHome } from "@openhands/testing";
import * as z from "zod";
import { type Figure, milliseconds } from "../bench.ts";

const run = promisify(execFile);
const reader = fileURLToPath(new URL("read-log.ts", import.meta.url));
const linesAtOnce = 5000;

/** What `read-log.ts` prints; times in milliseconds. */
const Reading = z.object({
  open: z.number(),
  lastPage: z.number(),
  events: z.array(z.number()),
  /** bytes that the process grew by, all readings included */
  memory: z.number(),
});
type Reading = z.infer<typeof Reading>;

/** Opening, the last page and single events of logs of any length, each in a process of its own, the file not in memory. */
export async function largeLogs(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const length of [1000, 100_000, 1_000_000]) {
    await using home = await temporaryHome();
    const path = join(home.path, "events.json");
    await writeLog(path, length);
    const readings = await rounds(async () => await readCold(path));
    const size = length.toLocaleString("en");
    figures.push(
      {
        what: `open + last page of ${size} events, cold`,
        value: milliseconds(readings.map((each) => each.open + each.lastPage)),
      },
      { what: `any event of ${size}`, value: milliseconds(readings.flatMap((each) => each.events)) },
      {
        what: `memory that this took, ${size} events`,
        value: `${Math.round(Math.max(...readings.map((each) => each.memory)) / 2 ** 20)} MB`,
      },
    );
    const torn = await rounds(async () => {
      await appendFile(path, `,\n{"seq":${length},"half":"${"\0".repeat(1 << 20)}`);
      return (await readCold(path)).open;
    });
    figures.push({
      what: `open with a torn tail of 1 MB, ${size} events, cold`,
      value: milliseconds(torn),
    });
  }
  return figures;
}

async function rounds<T>(measure: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < 5; round += 1) results.push(await measure());
  return results;
}

/** In the form that the store writes. */
async function writeLog(path: string, length: number): Promise<void> {
  const timestamp = new Date(0).toISOString();
  const file = await open(path, "w");
  const line = (seq: number): string =>
    JSON.stringify({
      seq,
      id: eventIdFor(seq, noRandomness),
      timestamp,
      ...messageDraft(`event ${seq} ${"x".repeat(seq % 500)}`),
    });
  for (let from = 0; from < length; from += linesAtOnce) {
    const lines = Array.from({ length: Math.min(linesAtOnce, length - from) }, (_, index) =>
      line(from + index),
    );
    await file.write(`${from === 0 ? "[\n" : ",\n"}${lines.join(",\n")}`);
  }
  await file.write("\n]\n");
  await file.sync();
  await file.close();
}

async function readCold(path: string): Promise<Reading> {
  // copies nothing, and tells the system to forget what it holds of the file
  await run("dd", [`if=${path}`, "iflag=nocache", "count=0", "status=none"]);
  const { stdout } = await run(process.execPath, [reader, path]);
  return Reading.parse(JSON.parse(stdout));
}
