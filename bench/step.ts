import { call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { probeConversation, settled } from "../apps/server/test/conversation-probe.ts";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { type Bench, type Figure, milliseconds } from "./bench.ts";

const steps = 200;
/** not counted: the shell's start, first loads */
const warmUp = 10;

/** Our own time per step: from the end of the model's answer, which runs one `echo`, to the next request's arrival. */
export const step: Bench = {
  name: "step",
  promise: "in Docker p50 ≤ 4 ms, p95 ≤ 10 ms, all durable",
  run: async () => [await measure("docker"), await measure("bubblewrap")],
};

async function measure(runtime: "docker" | "bubblewrap"): Promise<Figure> {
  await using home = await temporaryHome();
  const answered: number[] = [];
  const arrived: number[] = [];
  await using llm = await startScriptedLlm({
    responder: () => {
      arrived.push(performance.now());
      const reply =
        arrived.length > steps ? say("Done.") : call("terminal", { command: `echo ${arrived.length}` });
      setImmediate(() => answered.push(performance.now()));
      return reply;
    },
  });
  const env = { LLM_BASE_URL: llm.url, LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-bench-0123456789" };
  await using server = await startServerProcess({ home: home.path, runtime, env });
  const { id } = await server.client.conversations.create({ initial_message: { content: "go", run: true } });
  using probe = probeConversation(server.client, id);
  const { execution_status: status } = await probe.state(settled);
  if (status !== "finished") throw new Error(`the run ended in ${status}`);
  const times = arrived.slice(1).map((time, index) => time - (answered[index] ?? Number.NaN));
  return { what: `own time per step, ${runtime}`, value: milliseconds(times.slice(warmUp)) };
}
