import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Context } from "@openhands/agent";
import { parseEvent } from "@openhands/protocol";
import { temporaryHome } from "@openhands/testing";
import { probeConversation, settled } from "../apps/server/test/conversation-probe.ts";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { echoStep } from "./agent/echo-step.ts";
import { cpuMilliseconds, peakMegabytes } from "./agent/process-usage.ts";
import { stepTimes } from "./agent/step-times.ts";
import { type Bench, type Figure, milliseconds, quantile } from "./bench.ts";

const steps = 200;
/** not counted: the shell's start, first loads */
const warmUp = 10;
const rounds = 10;
/** events that a step appends: the action, the sums, the observation */
const eventsOfStep = 3;
/** Requests whose median stands for one length of the log. */
const around = 20;

/** What the loop itself takes, beside the least that a loop can be. */
export const agent: Bench = {
  name: "agent",
  promise: "CPU per step ≤ 4.5 ms; a request at event 1,000 ≤ 2 × one at event 10",
  run: async () => [
    ...(await ours("docker")),
    ...(await ours("bubblewrap")),
    ...(await bare()),
    // the first is for the compiler
    ...[1000, 10, 1000, 10_000].map(requestBuilding).slice(1),
    ...(await byLength()),
  ],
};

async function ours(runtime: "docker" | "bubblewrap"): Promise<Figure[]> {
  await using clock = await stepTimes(steps);
  await using home = await temporaryHome();
  await using server = await startServerProcess({ home: home.path, runtime, env: modelAt(clock.llm.url) });
  const { id } = await server.client.conversations.create({ initial_message: { content: "go", run: true } });
  using probe = probeConversation(server.client, id);
  await clock.arrival(warmUp);
  const cpu = await cpuMilliseconds(server.pid);
  await probe.state(settled);
  const cpuPerStep = ((await cpuMilliseconds(server.pid)) - cpu) / (steps - warmUp);
  return [
    { what: `own time per step, ${runtime}`, value: milliseconds(clock.times().slice(warmUp)) },
    { what: `CPU per step, ${runtime}`, value: `${cpuPerStep.toFixed(1)} ms` },
    { what: `peak memory of the server, ${runtime}`, value: `${await peakMegabytes(server.pid)} MB` },
  ];
}

async function bare(): Promise<Figure[]> {
  await using clock = await stepTimes(steps);
  const script = fileURLToPath(new URL("agent/bare-loop.ts", import.meta.url));
  const child = spawn(process.execPath, [script, clock.llm.url], { stdio: "ignore" });
  const ended = once(child, "exit");
  await clock.arrival(warmUp);
  const cpu = await cpuMilliseconds(child.pid ?? -1);
  await clock.arrival(steps);
  const cpuPerStep = ((await cpuMilliseconds(child.pid ?? -1)) - cpu) / (steps - warmUp);
  await ended;
  return [
    { what: "own time per step, bare loop with bash -c", value: milliseconds(clock.times().slice(warmUp)) },
    { what: "CPU per step, bare loop without its shells", value: `${cpuPerStep.toFixed(1)} ms` },
  ];
}

/** From the events of one step to the messages of the next request, without what the provider's package makes of them. */
function requestBuilding(events: number): Figure {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const context = new Context();
    for (let seq = 0; seq < events; seq += eventsOfStep) pushStep(context, seq);
    context.prompt();
    const began = performance.now();
    pushStep(context, events);
    context.prompt();
    times.push(performance.now() - began);
  }
  const median = quantile(times, 0.5) * 1000;
  return { what: `request building at event ${events}`, value: `p50 ${median.toFixed(0)} µs (n ${rounds})` };
}

function pushStep(context: Context, seq: number): void {
  for (const [index, draft] of echoStep(seq).entries())
    context.push(parseEvent({ id: `event-${seq + index}`, seq: seq + index, timestamp: "", ...draft }));
}

/** The own time of a whole step, with the log so long. */
async function byLength(): Promise<Figure[]> {
  const lengths = [10 + warmUp * eventsOfStep, 1000];
  const last = Math.ceil(1000 / eventsOfStep) + around;
  await using clock = await stepTimes(last);
  await using home = await temporaryHome();
  await using server = await startServerProcess({
    home: home.path,
    runtime: "bubblewrap",
    env: modelAt(clock.llm.url),
  });
  await server.client.settings.patch({ llm_models: { [model]: { context_window: 100_000_000 } } });
  const { id } = await server.client.conversations.create({
    max_iterations: last + 1,
    initial_message: { content: "go", run: true },
  });
  using probe = probeConversation(server.client, id, 1_000_000);
  await probe.state(settled);
  const times = clock.times();
  return lengths.map((events) => {
    const step = Math.floor(events / eventsOfStep);
    const median = quantile(times.slice(step, step + around), 0.5);
    return { what: `own time of a step at event ${events}`, value: `p50 ${median.toFixed(1)} ms` };
  });
}

const model = "openai/scripted";
const modelAt = (url: string) => ({
  LLM_BASE_URL: url,
  LLM_MODEL: model,
  LLM_API_KEY: "sk-bench-0123456789",
});
