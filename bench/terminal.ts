import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { contractSandbox, type ToolsSession, toolsSession } from "@openhands/testing";
import { createDockerProvider } from "@openhands/sandbox";
import { type Bench, type Figure, milliseconds, quantile } from "./bench.ts";

/** One figure or more of a session; `other` is that of another conversation. A new one: a function and a line here. */
type Measure = (session: ToolsSession, other: ToolsSession) => Promise<readonly Figure[]>;
const measures: readonly Measure[] = [echo, replaceInOneMegabyte, tenMegabytes, oneGigabyte];

const megabyte = 1 << 20;

/** Through the tool itself, from the call to the observation, in Docker. */
export const terminal: Bench = {
  name: "terminal",
  promise:
    "echo p50 ≤ 2 ms, p95 ≤ 8 ms; str_replace in a 1 MB file ≤ 10 ms; 10 MB of output ≤ 2 s; memory flat under any output, and another conversation's step later by less than 50 ms",
  run: async () => {
    const instance = randomBytes(6).toString("hex");
    const provider = createDockerProvider({
      engine: { dockerHost: process.env["DOCKER_HOST"], home: homedir() },
      instance,
      runtimeFolder: new URL("../runtime", import.meta.url).pathname,
    });
    const first = await contractSandbox(() => provider);
    const second = await contractSandbox(() => provider);
    try {
      await using session = toolsSession(first.sandbox);
      await using other = toolsSession(second.sandbox);
      const figures: Figure[] = [];
      for (const measure of measures) figures.push(...(await measure(session, other)));
      return figures;
    } finally {
      await first.dispose();
      await second.dispose();
    }
  },
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function echo(session: ToolsSession): Promise<readonly Figure[]> {
  const times: number[] = [];
  for (let round = 0; round < 520; round += 1) times.push(await timed(() => session.run("echo hi")));
  // not counted: the shell's start, first loads
  return [{ what: "echo hi", value: milliseconds(times.slice(20)) }];
}

/** More than the editor remembers at once. */
const manyFiles = ["one", "two", "three", "four", "five", "six"];

/** In a file that was edited lately, as is usual, and in one that is not known or known no more. */
async function replaceInOneMegabyte(session: ToolsSession): Promise<readonly Figure[]> {
  const folder = await session.output("pwd");
  const make = `yes 'a line of a large file' | head -c ${megabyte}; echo 'version 0'`;
  await session.finish(`(${make}) | tee ${manyFiles.join(" ")} >same`);
  const replace = async (name: string, version: number): Promise<number> => {
    const [old_str, new_str] = [`version ${version}\n`, `version ${version + 1}\n`];
    const edit = { command: "str_replace", path: `${folder}/${name}`, old_str, new_str } as const;
    return timed(() => session.edit(edit));
  };
  const same: number[] = [];
  const others: number[] = [];
  for (let round = 0; round < 120; round += 1) same.push(await replace("same", round));
  for (let version = 0; version < 20; version += 1) {
    for (const name of manyFiles) others.push(await replace(name, version));
  }
  const ends = await session.output("tail -qn 1 same one six");
  if (!/version 120\n.*version 20\n.*version 20$/.test(ends)) throw new Error(`edits were lost: ${ends}`);
  return [
    { what: "str_replace in a 1 MB file", value: milliseconds(same.slice(10)) },
    { what: "str_replace in one that is not known", value: milliseconds(others.slice(10)) },
  ];
}

async function tenMegabytes(session: ToolsSession): Promise<readonly Figure[]> {
  const lines = `yes '${"0123456789".repeat(8)}' | head -c ${10 * megabyte}`;
  const colours = `yes $'\\e[32mok\\e[0m ${"0123456789".repeat(7)}\\r10%\\r20%' | head -c ${10 * megabyte}`;
  await session.finish(lines);
  await session.finish(colours);
  const figures: Figure[] = [];
  for (const [what, command] of [
    ["10 MB of lines", lines],
    ["10 MB with colours and carriage returns", colours],
  ] as const) {
    const times: number[] = [];
    const memory = await memoryDuring(async () => {
      for (let round = 0; round < 5; round += 1) times.push(await timed(() => session.finish(command)));
    });
    figures.push({ what, value: `${milliseconds(times)}, ${memory}` });
  }
  return figures;
}

/** What another conversation's step takes meanwhile, beside what it takes alone. */
async function oneGigabyte(session: ToolsSession, other: ToolsSession): Promise<readonly Figure[]> {
  const alone = await steps(other, new AbortController().signal, 3000);
  const over = new AbortController();
  const loop = monitorEventLoopDelay({ resolution: 1 });
  let seconds = 0;
  let meanwhile: readonly number[] = [];
  const memory = await memoryDuring(async () => {
    loop.enable();
    const stepping = steps(other, over.signal);
    seconds = (await timed(() => oneGigabyteOf(session))) / 1000;
    over.abort();
    meanwhile = await stepping;
    loop.disable();
  });
  const later = (part: number): string => (quantile(meanwhile, part) - quantile(alone, part)).toFixed(1);
  const most = quantile(meanwhile, 1);
  return [
    { what: "yes | head -c 1G", value: `${seconds.toFixed(1)} s, ${memory}` },
    { what: "another conversation's echo, alone", value: milliseconds(alone) },
    {
      what: "another conversation's echo, meanwhile",
      value: `${milliseconds(meanwhile)}, most ${most.toFixed(1)} ms; p95 later by ${later(0.95)} ms, p99 by ${later(0.99)} ms, one in ten thousand by ${later(0.9999)} ms`,
    },
    { what: "the event loop stood still for at most", value: `${(loop.max / 1e6).toFixed(1)} ms` },
  ];
}

/** Read at a bounded pace. Unbounded, most of its time is the kernel's: a carriage return before half a billion line ends. */
async function oneGigabyteOf(session: ToolsSession): Promise<void> {
  const { exit_code } = await session.run(`yes | head -c ${1024 * megabyte}`, { timeout: 600 });
  if (exit_code !== 0) throw new Error(`the gigabyte did not end well: ${exit_code}`);
}

async function steps(session: ToolsSession, over: AbortSignal, count = Infinity): Promise<number[]> {
  const times: number[] = [];
  while (!over.aborted && times.length < count) times.push(await timed(() => session.run("echo hi")));
  return times;
}

/** Looks each 10 ms, so a peak within one turn of the event loop is seen where it leaves memory behind. */
async function memoryDuring(work: () => Promise<void>): Promise<string> {
  const before = process.memoryUsage.rss();
  let most = before;
  const look = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  try {
    await work();
  } finally {
    clearInterval(look);
  }
  return `memory ${Math.round(before / megabyte)} MB, at most +${Math.round((most - before) / megabyte)} MB`;
}
