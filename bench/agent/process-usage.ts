/** What a process has used so far, as Linux tells it. Its children are not counted. */
import { readdir, readFile } from "node:fs/promises";

/** Milliseconds; Linux counts in hundredths of a second. */
export interface ProcessorTime {
  readonly all: number;
  /** of it, V8's own threads: they make machine code of what runs often, which ends after some hundred steps, and collect garbage */
  readonly v8: number;
}

export async function processorTime(pid: number): Promise<ProcessorTime> {
  const folder = `/proc/${pid}/task`;
  const threads = await Promise.all(
    (await readdir(folder)).map((thread) => readFile(`${folder}/${thread}/stat`, "utf8")),
  );
  const v8 = threads.filter((stat) => stat.includes("(node-V8Worker)")).map(millisecondsOf);
  return {
    all: millisecondsOf(await readFile(`/proc/${pid}/stat`, "utf8")),
    v8: v8.reduce((sum, each) => sum + each, 0),
  };
}

function millisecondsOf(stat: string): number {
  // the name, in brackets, may hold blanks
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The most memory that it has held, in megabytes. */
export async function peakMegabytes(pid: number): Promise<number> {
  const peak = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(peak) / 1024);
}
