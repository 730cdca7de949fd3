import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { type Bench, milliseconds, quantile } from "./bench.ts";

const runs = 12;
/** not counted: the compile cache is filled */
const warmUp = 2;
const steps = 20;

const command = fileURLToPath(new URL("../apps/cli/bin/openhands.mjs", import.meta.url));

/** `openhands run` on a home of its own in bubblewrap, from the process's start, with a model that answers at once. */
export const run: Bench = {
  name: "run",
  promise: "start → first model request ≤ 260 ms; peak memory ≤ 140 MB",
  run: async () => {
    const seen: Seen[] = [];
    for (let round = 0; round < runs; round += 1) seen.push(await one());
    const counted = seen.slice(warmUp);
    const peaks = counted.map(({ peakMegabytes }) => peakMegabytes);
    return [
      { what: "start → first model request", value: milliseconds(counted.map(({ firstMs }) => firstMs)) },
      {
        what: "processor time of it, however busy the machine",
        value: milliseconds(counted.map(({ firstCpuMs }) => firstCpuMs)),
      },
      {
        what: "start → end, one word of an answer and 20 steps",
        value: milliseconds(counted.map(({ totalMs }) => totalMs)),
      },
      {
        what: "peak memory (VmHWM)",
        value: `p50 ${quantile(peaks, 0.5)} MB, most ${Math.max(...peaks)} MB`,
      },
    ];
  },
};

interface Seen {
  readonly firstMs: number;
  readonly firstCpuMs: number;
  readonly totalMs: number;
  readonly peakMegabytes: number;
}

async function one(): Promise<Seen> {
  await using home = await temporaryHome();
  let firstAt = Number.NaN;
  let firstCpuMs = Number.NaN;
  let peak = "";
  let pid = 0;
  await using llm = await startScriptedLlm({
    responder: async ({ number }) => {
      if (number === 1) {
        firstAt = performance.now();
        firstCpuMs = await processorMs(pid);
      }
      if (number <= steps) return call("terminal", { command: `echo ${number}` });
      peak = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";
      return say("Done.");
    },
  });
  const began = performance.now();
  const child = spawn(process.execPath, [command, "run", "-t", "go"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: join(home.path, "nowhere"),
      OPENHANDS_HOME: home.path,
      OPENHANDS_RUNTIME: "bubblewrap",
      LLM_BASE_URL: llm.url,
      LLM_MODEL: "openai/scripted",
      LLM_API_KEY: "sk-bench-0123456789",
    },
  });
  pid = child.pid ?? 0;
  await once(child, "exit");
  if (child.exitCode !== 0) throw new Error(`the run ended with ${child.exitCode}`);
  return {
    firstMs: firstAt - began,
    firstCpuMs,
    totalMs: performance.now() - began,
    peakMegabytes: Math.round(Number(peak) / 1024),
  };
}

/** In the kernel's ticks, 100 a second, so good to 10 ms. */
async function processorMs(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
