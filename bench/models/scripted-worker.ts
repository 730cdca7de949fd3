/** The scripted provider in a thread of its own, so that its work is not counted as the model's. */
import { parentPort } from "node:worker_threads";
import { answer, startScriptedLlm } from "@openhands/testing";

/** The number of chunks stands at the end of the model's name, as in `openai/chunks-1000`. */
const llm = await startScriptedLlm({
  responder: ({ model }) => {
    const chunks = Number(/\d+$/.exec(model)?.[0] ?? 1);
    return answer({ text: "A word ".repeat(chunks), chunkSize: 7 });
  },
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(llm.url);
