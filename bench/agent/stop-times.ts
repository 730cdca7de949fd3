import { call, hang, temporaryHome, startScriptedLlm, type Reply } from "@openhands/testing";
import { probeConversation } from "../../apps/server/test/conversation-probe.ts";
import { type ServerProcess, startServerProcess } from "../../apps/server/test/server-process.ts";
import { type Figure, quantile } from "../bench.ts";
import { modelAt } from "./scripted-model.ts";

const rounds = 5;
const stubborn = { command: "trap '' INT TERM; echo begun; sleep 1000" };

/** From the interrupt to the state that says so, while a command runs that does not want to end, and while a model thinks. */
export async function stopTimes(runtime: "docker" | "bubblewrap"): Promise<Figure[]> {
  let reply: Reply = hang();
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm({ responder: () => reply });
  await using server = await startServerProcess({ home: home.path, runtime, env: modelAt(llm.url) });
  const whileThinking: number[] = [];
  for (let round = 0; round < rounds; round += 1) whileThinking.push(await stopTime(server, "model"));
  reply = call("terminal", stubborn);
  const whileRunning: number[] = [];
  for (let round = 0; round < rounds; round += 1) whileRunning.push(await stopTime(server, "tool"));
  const shown = (times: readonly number[]): string =>
    `p50 ${quantile(times, 0.5).toFixed(0)} ms, most ${Math.max(...times).toFixed(0)} ms (n ${times.length})`;
  return [
    { what: `interrupt → stopped, model silent, ${runtime}`, value: shown(whileThinking) },
    { what: `interrupt → stopped, command that traps it, ${runtime}`, value: shown(whileRunning) },
  ];
}

async function stopTime({ client }: ServerProcess, waitsFor: "model" | "tool"): Promise<number> {
  const { id } = await client.conversations.create({ initial_message: { content: "go", run: true } });
  using probe = probeConversation(client, id);
  if (waitsFor === "tool") await probe.transient((event) => event.kind === "ToolOutputDeltaEvent");
  else await probe.state((info) => info.waits_for?.who === "model");
  const began = performance.now();
  await client.interrupt(id);
  await probe.state((info) => info.execution_status === "paused");
  return performance.now() - began;
}
