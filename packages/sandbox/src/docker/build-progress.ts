/** Reads the streams of JSON lines with which an engine tells how a build or a pull goes. */
import { createInterface } from "node:readline";
import * as z from "zod";
import type { Progress } from "../sandbox.ts";
import { LogTail } from "../log-tail.ts";

const EngineLine = z.looseObject({
  stream: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  progressDetail: z.looseObject({ current: z.number().optional(), total: z.number().optional() }).optional(),
  error: z.string().optional(),
});
type EngineLine = z.infer<typeof EngineLine>;

export interface EngineOutcome {
  /** what the engine says went wrong, or null */
  readonly error: string | null;
  readonly logTail: string;
}

/** What a line means for the person, or null where it says nothing new. */
export type LineReader = (line: EngineLine) => Extract<Progress, { status: "preparing_image" }> | null;

/** Reads to the end; a line that isn't JSON is passed over. */
export async function followEngine(
  stream: NodeJS.ReadableStream,
  read: LineReader,
  onProgress: (progress: Progress) => void,
): Promise<EngineOutcome> {
  const tail = new LogTail();
  let error: string | null = null;
  for await (const text of createInterface({ input: stream })) {
    const line = parseLine(text);
    if (!line) continue;
    tail.add(line.stream ?? "");
    error = line.error ?? error;
    const progress = read(line);
    if (progress) onProgress(progress);
  }
  return { error, logTail: tail.toString() };
}

function parseLine(text: string): EngineLine | null {
  try {
    return EngineLine.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** "Step 3/8 : RUN apt-get …" is what a build's progress is known from; steps before it are done. */
export function buildReader(): LineReader {
  let percent: number | null = null;
  let step = "";
  return ({ stream }) => {
    const text = stream?.trim();
    if (!text || /^(--->|Removing intermediate)/.test(text)) return null;
    const found = /^Step (\d+)\/(\d+) : (\w+)/.exec(text);
    if (found) {
      const [, number, count, instruction] = found;
      percent = Math.floor(((Number(number) - 1) / Number(count)) * 100);
      step = `Building the sandbox image, step ${number} of ${count} (${instruction})`;
    }
    const detail = found ? "" : `: ${text.split("\n").at(-1)?.slice(0, 120)}`;
    return { status: "preparing_image", message: `${step}${detail}`, progress: percent };
  };
}

/** Sums the bytes of the layers that are known so far; layers appear while others are on their way. */
export function pullReader(image: string): LineReader {
  const layers = new Map<string, { current: number; total: number }>();
  let shown = -1;
  return ({ status, id, progressDetail }) => {
    if (!id) return null;
    const known = layers.get(id);
    if (status === "Downloading" && progressDetail?.total) {
      layers.set(id, { current: progressDetail.current ?? 0, total: progressDetail.total });
    } else if (known && (status === "Download complete" || status === "Pull complete")) {
      layers.set(id, { ...known, current: known.total });
    }
    const all = [...layers.values()];
    const total = all.reduce((sum, layer) => sum + layer.total, 0);
    if (total === 0) return null;
    const percent = Math.floor((all.reduce((sum, layer) => sum + layer.current, 0) / total) * 100);
    if (percent === shown) return null;
    shown = percent;
    return { status: "preparing_image", message: `Downloading ${image}`, progress: percent };
  };
}
