import { once } from "node:events";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { answerMessage, createModel, type Model, type ModelRequest, type Prompt } from "@openhands/models";
import { type Bench, type Figure, milliseconds, quantile } from "./bench.ts";

const calls = 150;
/** not counted: first loads, the compiler */
const warmUp = 30;
const chunks = 4000;

/** What we add to a call: the vendor's package, the history fitted to it, the answer put together. */
export const models: Bench = {
  name: "models",
  promise: "own time per call beyond a bare fetch p50 ≤ 1 ms, at the beginning of a conversation",
  run: async () => {
    const worker = new Worker(new URL("models/scripted-worker.ts", import.meta.url));
    try {
      const [url] = (await once(worker, "message")) as [string];
      return [
        await ownTime("2 messages", url, conversation(0)),
        await ownTime("400 messages", url, conversation(200)),
        ...(await perChunk(url)),
        await importTime("@openhands/models"),
        await importTime("@ai-sdk/anthropic"),
        await importTime("@ai-sdk/openai-compatible"),
      ];
    } finally {
      await worker.terminate();
    }
  },
};

const modelAt = (baseUrl: string, name: string): Model =>
  createModel({
    name,
    baseUrl,
    apiKey: () => Promise.resolve("sk-bench-0123456789"),
    limits: { firstByteSeconds: 60, silenceSeconds: 60, attempts: 1 },
  });

const options = () => ({
  signal: new AbortController().signal,
  onDelta: () => undefined,
  onRetry: () => undefined,
});

/** Call by call in turn with a bare fetch of the same bytes, read to its end. */
async function ownTime(what: string, url: string, prompt: Prompt): Promise<Figure> {
  const model = modelAt(url, "openai/chunks-20");
  const request: ModelRequest = { prompt, tools: [] };
  const body = await bodyOf(request);
  const times: number[] = [];
  for (let call = 0; call < calls + warmUp; call += 1) {
    const bare = await timed(async () => await (await fetch(`${url}/chat/completions`, post(body))).text());
    const ours = await timed(async () => await model.ask(request, options()));
    times.push(ours - bare);
  }
  const value = milliseconds(times.slice(warmUp));
  return { what: `own time per call beyond fetch, ${what}`, value };
}

/** The bytes that our model sends for `request`. */
async function bodyOf(request: ModelRequest): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const capture: typeof fetch = async (_, init) => {
    resolve(typeof init?.body === "string" ? init.body : "");
    return await Promise.resolve(new Response("{}", { status: 400 }));
  };
  const settings = {
    name: "openai/chunks-20",
    baseUrl: "http://127.0.0.1:9/v1",
    apiKey: () => Promise.resolve(null),
    limits: { firstByteSeconds: 60, silenceSeconds: 60, attempts: 1 },
  };
  const asked = createModel(settings, { fetch: capture }).ask(request, options());
  await asked.then(undefined, () => undefined);
  return await promise;
}

const post = (body: string): RequestInit => ({
  method: "POST",
  body,
  headers: { "content-type": "application/json", authorization: "Bearer sk-bench-0123456789" },
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** CPU of this thread alone: the provider runs in another. */
async function perChunk(url: string): Promise<Figure[]> {
  const names = ["openai/chunks", "anthropic/chunks", "gemini/chunks"];
  const figures: Figure[] = [];
  for (const name of names) {
    const model = modelAt(url, `${name}-${chunks}`);
    const request: ModelRequest = { prompt: conversation(0), tools: [] };
    const micros: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const before = process.threadCpuUsage();
      await model.ask(request, options());
      const { user, system } = process.threadCpuUsage(before);
      if (round > 0) micros.push((user + system) / chunks);
    }
    const value = `p50 ${quantile(micros, 0.5).toFixed(1)} µs (n ${micros.length} × ${chunks})`;
    figures.push({ what: `CPU per streamed chunk, ${name.replace("/chunks", "")}`, value });
  }
  return figures;
}

/** In a process of its own, where nothing is loaded yet. */
async function importTime(name: string): Promise<Figure> {
  const script = `const start = performance.now(); await import(${JSON.stringify(name)}); console.log(performance.now() - start);`;
  const times: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", script],
      { cwd: new URL("../packages/models", import.meta.url).pathname },
    );
    times.push(Number(stdout));
  }
  return { what: `import of ${name}`, value: milliseconds(times) };
}

/** A conversation of `steps` steps, each a call with its result. */
function conversation(steps: number): Prompt {
  const prompt: Prompt = [
    { role: "system", content: "You are an agent. ".repeat(100) },
    { role: "user", content: [{ type: "text", text: "Go." }] },
  ];
  for (let step = 0; step < steps; step += 1) {
    const id = `call_${step}`;
    prompt.push(
      answerMessage({
        text: "On we go.",
        calls: [{ id, name: "terminal", input: { command: `echo ${step}` } }],
        state: null,
      }),
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: id,
            toolName: "terminal",
            output: { type: "text", value: `${step}\n`.repeat(50) },
          },
        ],
      },
    );
  }
  return prompt;
}
