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
  const llm = await startScriptedLlm({
    responder: ({ number }) => {
      setImmediate(() => answered.push(performance.now()));
      return number > steps ? say("Done.") : call("terminal", { command: `echo ${number}` });
    },
  });
  return {
    llm,
    times: () =>
      llm.requests.slice(1).map(({ arrivedAt }, index) => arrivedAt - (answered[index] ?? Number.NaN)),
    arrival: async (count) => await llm.waitForRequest(count),
    [Symbol.asyncDispose]: async () => await llm.stop(),
  };
}
