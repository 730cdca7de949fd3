import { agents, Context, promptCharacters } from "@openhands/agent";
import { type ConfirmationPolicy, neverConfirm, parseEvent } from "@openhands/protocol";
import { temporaryHome } from "@openhands/testing";
import { probeConversation, settled } from "../apps/server/test/conversation-probe.ts";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { echoStep } from "./agent/echo-step.ts";
import { modelAt, scriptedModel } from "./agent/scripted-model.ts";
import { stepTimes } from "./agent/step-times.ts";
import { stopTimes } from "./agent/stop-times.ts";
import { type Bench, type Figure, quantile } from "./bench.ts";
import { run } from "./run.ts";
import { step } from "./step.ts";

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
  promise: `${step.promise}; prompt and tool schemas ≤ 16,000 characters; a request at event 1,000 ≤ 2 × one at event 10; interrupt → stopped ≤ 2 s; openhands run: ${run.promise}`,
  run: async () => [
    ...promptSizes(),
    ...(await step.run()),
    // the first is for the compiler
    ...[1000, 10, 1000, 10_000].map(requestBuilding).slice(1),
    ...(await byLength()),
    ...(await stopTimes("docker")),
    ...(await stopTimes("bubblewrap")),
    ...(await run.run()),
  ],
};

/** What each agent is told before it begins; most of it where the model is asked for its own word on the risk. */
function promptSizes(): Figure[] {
  const asksForRisk: ConfirmationPolicy = { kind: "ConfirmRisky", threshold: "HIGH", confirm_unknown: true };
  return agents.map((agent) => ({
    what: `prompt and tool schemas, ${agent.name}`,
    value: `${promptCharacters(agent, neverConfirm)} characters; ${promptCharacters(agent, asksForRisk)} with the risk asked for`,
  }));
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
  await server.client.settings.patch({ llm_models: { [scriptedModel]: { context_window: 100_000_000 } } });
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
