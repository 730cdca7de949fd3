/** A scripted provider that asks for one `echo` after another and notes when it answered and when it was asked again. */
import { call, say, type ScriptedLlm, startScriptedLlm } from "@openhands/testing";

export interface StepTimes extends AsyncDisposable {
  readonly llm: ScriptedLlm;
  /** milliseconds from the end of an answer to the arrival of the next request, step by step */
  readonly times: () => number[];
  /** resolves when request `count` arrives */
  readonly arrival: (count: number) => Promise<unknown>;
}

export async function stepTimes(steps: number): Promise<StepTimes> {
  const answered: number[] = [];
  const arrived: number[] = [];
  const llm = await startScriptedLlm({
    responder: () => {
      arrived.push(performance.now());
      setImmediate(() => answered.push(performance.now()));
      return arrived.length > steps ? say("Done.") : call("terminal", { command: `echo ${arrived.length}` });
    },
  });
  return {
    llm,
    times: () => arrived.slice(1).map((time, index) => time - (answered[index] ?? Number.NaN)),
    arrival: async (count) => await llm.waitForRequest(count),
    [Symbol.asyncDispose]: async () => await llm.stop(),
  };
}
