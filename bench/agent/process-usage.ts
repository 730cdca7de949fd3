/** What a process has used so far, as Linux tells it. Its children are not counted. */
import { readFile } from "node:fs/promises";

/** milliseconds; Linux counts in hundredths of a second */
export async function cpuMilliseconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // the name, in brackets, may hold blanks
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The most memory that it has held, in megabytes. */
export async function peakMegabytes(pid: number): Promise<number> {
  const peak = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(peak) / 1024);
}
