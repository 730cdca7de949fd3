import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { temporaryHome } from "@openhands/testing";
import { probeConversation, settled } from "../apps/server/test/conversation-probe.ts";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { peakMegabytes, type ProcessorTime, processorTime } from "./agent/process-usage.ts";
import { modelAt } from "./agent/scripted-model.ts";
import { stepTimes } from "./agent/step-times.ts";
import { type Bench, type Figure, milliseconds } from "./bench.ts";

const steps = 200;
/** not counted: the shell's start, first loads */
const warmUp = 10;

/** Our own time and CPU per step: from the end of the model's answer, which runs one `echo`, to the next request's arrival. */
export const step: Bench = {
  name: "step",
  promise: "in Docker p50 ≤ 4 ms, p95 ≤ 10 ms, all durable; CPU ≤ 4.5 ms",
  run: async () => [...(await ours("docker")), ...(await ours("bubblewrap")), ...(await bare())],
};

/** With one reader on the conversation's socket, as the page would be. */
async function ours(runtime: "docker" | "bubblewrap"): Promise<Figure[]> {
  await using clock = await stepTimes(steps);
  await using home = await temporaryHome();
  await using server = await startServerProcess({ home: home.path, runtime, env: modelAt(clock.llm.url) });
  const { id } = await server.client.conversations.create({ initial_message: { content: "go", run: true } });
  using probe = probeConversation(server.client, id);
  await clock.arrival(warmUp);
  const before = await processorTime(server.pid);
  const { execution_status: status } = await probe.state(settled);
  if (status !== "finished") throw new Error(`the run ended in ${status}`);
  const cpu = perStep(before, await processorTime(server.pid));
  return [
    { what: `own time per step, ${runtime}`, value: milliseconds(clock.times().slice(warmUp)) },
    { what: `CPU per step, ${runtime}`, value: cpu },
    { what: `peak memory of the server, ${runtime}`, value: `${await peakMegabytes(server.pid)} MB` },
  ];
}

async function bare(): Promise<Figure[]> {
  await using clock = await stepTimes(steps);
  const script = fileURLToPath(new URL("agent/bare-loop.ts", import.meta.url));
  const child = spawn(process.execPath, [script, clock.llm.url], { stdio: "ignore" });
  const ended = once(child, "exit");
  await clock.arrival(warmUp);
  const before = await processorTime(child.pid ?? -1);
  await clock.arrival(steps);
  const cpu = perStep(before, await processorTime(child.pid ?? -1));
  await ended;
  return [
    { what: "own time per step, bare loop with bash -c", value: milliseconds(clock.times().slice(warmUp)) },
    { what: "CPU per step, bare loop without its shells", value: cpu },
  ];
}

function perStep(before: ProcessorTime, after: ProcessorTime): string {
  const shown = (part: keyof ProcessorTime): string =>
    ((after[part] - before[part]) / (steps - warmUp)).toFixed(1);
  return `${shown("all")} ms, V8's own threads ${shown("v8")} ms of it`;
}
