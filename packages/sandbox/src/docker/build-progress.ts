/** Reads the streams of JSON lines with which an engine tells how a build or a pull goes. */
import { createInterface } from "node:readline";
import * as z from "zod";
import type { Progress } from "../sandbox.ts";
import { LogTail } from "../log-tail.ts";
import { packageProgress } from "./package-progress.ts";

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

/** What a step counts for: commands take the time, everything else is done at once. */
const weightOf = (instruction: string): number => (instruction === "RUN" ? 30 : 1);

/**
 * "Step 3/8 : RUN apt-get …" says which steps are done; within one, the packages that it installs say how far it is.
 * @param dockerfile tells the steps that are still to come
 */
export function buildReader(dockerfile: string): LineReader {
  const instructions = [...dockerfile.matchAll(/^([A-Z]+)\s/gm)].map((match) => match[1] ?? "");
  const weigh = (steps: readonly string[]): number => steps.reduce((sum, step) => sum + weightOf(step), 0);
  let step = { number: 0, name: "", packages: packageProgress() };
  let within: number | null = null;
  let shown = "";
  return ({ stream }) => {
    for (const line of (stream ?? "").split("\n")) {
      const found = /^Step (\d+)\/(\d+) : /.exec(line);
      if (found) {
        step = {
          number: Number(found[1]),
          name: `: step ${found[1]} of ${found[2]}`,
          packages: packageProgress(),
        };
      }
      within = step.packages(line);
    }
    const done = weigh(instructions.slice(0, Math.max(0, step.number - 1)));
    const current = (within ?? 0) * weightOf(instructions[step.number - 1] ?? "");
    const progress = Math.floor(((done + current) / Math.max(1, weigh(instructions))) * 100);
    const doing = within === null ? step.name : ": installing packages";
    const message = `Building the sandbox image${doing}`;
    if (shown === `${message} ${progress}`) return null;
    shown = `${message} ${progress}`;
    return { status: "preparing_image", message, progress };
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
