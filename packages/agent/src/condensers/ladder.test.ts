/** A conversation that grows longer than its model can read, against a provider that refuses what is too long. */
import type { StoredEvent } from "@openhands/protocol";
import {
  call,
  fail,
  historyFault,
  type Responder,
  say,
  type ScriptedLlm,
  type ScriptedRequest,
  startScriptedLlm,
  strictWindow,
} from "@openhands/testing";
import { expect, it } from "vitest";
import { reread, ScriptedRun } from "../../test/scripted-run.ts";
import { summariseNow } from "./ladder.ts";

const task = "Work through the list to its end.";
const asksForSummary = (request: ScriptedRequest): boolean => (request.body.tools ?? []).length === 0;

/** Works so many turns with outputs of so many characters, and summarises when asked to. */
function worker(turns: number, characters: number): Responder {
  let turn = 0;
  return (request) => {
    if (asksForSummary(request)) return say("Task: the list. Done: some of it. Open: the rest.");
    turn += 1;
    return turn > turns ? say("All done.") : call("work", { characters: characters + (turn % 7) });
  };
}

function faults({ requests }: ScriptedLlm): (string | null)[] {
  return requests.map(({ body }) => historyFault(body.messages)).filter((fault) => fault !== null);
}

const rungs = (events: readonly StoredEvent[]): unknown[] =>
  events.filter(({ kind }) => kind === "Condensation").map((event) => event["rung"]);

it("300 turns with 30 kB each in one user turn take at most 20 calls more", async () => {
  const window = 32_000;
  await using llm = await startScriptedLlm({ responder: strictWindow(window, worker(300, 29_000)) });
  const scripted = new ScriptedRun({ url: llm.url, facts: { context_window: window } });
  scripted.says(task);
  expect(await scripted.run()).toEqual({ status: "finished" });
  expect(llm.requests.length).toBeLessThanOrEqual(301 + 20);
  expect(scripted.kinds("ObservationEvent")).toHaveLength(300);
  expect(faults(llm)).toEqual([]);
  expect(llm.requests.filter((request) => !asksForSummary(request) && !request.text.includes(task))).toEqual(
    [],
  );
  expect(new Set(rungs(scripted.events))).toEqual(new Set(["clip-outputs", "drop-outputs", "summarise"]));
  const summaries = llm.requests.filter(asksForSummary).length;
  expect(scripted.state.stats.usage_to_metrics["condenser"]?.calls).toBe(summaries);
  expect(reread(scripted.events).prompt()).toEqual(scripted.context.prompt());
}, 60_000);

it.each([0.3, 0.5, 0.65])(
  "a task of %d of the window: no summary is asked for that saves too little to be used",
  async (share) => {
    const window = 32_000;
    await using llm = await startScriptedLlm({ responder: strictWindow(window, worker(60, 3000)) });
    const scripted = new ScriptedRun({ url: llm.url, facts: { context_window: window } });
    scripted.says("task word ".repeat((window * share * 4) / 10));
    expect(await scripted.run()).toEqual({ status: "finished" });
    const asked = llm.requests.filter(asksForSummary).length;
    expect(asked).toBe(rungs(scripted.events).filter((rung) => rung === "summarise").length);
    expect(llm.requests.length).toBeLessThanOrEqual(61 + 4);
    expect(faults(llm)).toEqual([]);
  },
);

it("a window that nobody knows is learned from what is refused, and not run into again and again", async () => {
  await using llm = await startScriptedLlm({ responder: strictWindow(16_000, worker(60, 12_000)) });
  const scripted = new ScriptedRun({ url: llm.url });
  scripted.says(task);
  expect(await scripted.run()).toEqual({ status: "finished" });
  expect(scripted.kinds("CondensationRequest").length).toBeLessThanOrEqual(2);
  expect(faults(llm)).toEqual([]);
});

it.each([{ context_window: 1000 }, {}])(
  "a window that is smaller than the prompt is one clear error after at most two calls: %j",
  async (facts) => {
    await using llm = await startScriptedLlm({ responder: strictWindow(1000, () => say("Never.")) });
    const scripted = new ScriptedRun({ url: llm.url, facts });
    scripted.says("far too much ".repeat(2000));
    await expect(scripted.run()).rejects.toMatchObject({
      kind: "context_overflow",
      message: expect.stringContaining("larger window"),
    });
    expect(llm.requests.length).toBeLessThanOrEqual(2);
  },
);

it("a long history with a window that became too small ends as clearly, and a larger one continues", async () => {
  let window = 32_000;
  const work = worker(10, 4000);
  await using llm = await startScriptedLlm({ responder: (request) => strictWindow(window, work)(request) });
  const scripted = new ScriptedRun({ url: llm.url, facts: { context_window: 32_000 } });
  scripted.says(task);
  await scripted.run(9);
  window = 100;
  await expect(scripted.run()).rejects.toMatchObject({ kind: "context_overflow" });
  expect(llm.requests.length).toBeLessThan(9 + 12);
  window = 32_000;
  scripted.says("Go on.");
  expect(await scripted.run()).toEqual({ status: "finished" });
  expect(faults(llm)).toEqual([]);
});

it("a summary that is refused as too long is asked for with less, then done without", async () => {
  let summaries = 0;
  const work = worker(40, 200);
  const responder: Responder = (request) => {
    if (!asksForSummary(request)) return work(request);
    summaries += 1;
    return fail(400, { error: { message: "prompt is too long", code: "context_length_exceeded" } });
  };
  await using llm = await startScriptedLlm({ responder });
  const scripted = new ScriptedRun({ url: llm.url, facts: { context_window: 2600 } });
  scripted.says(task);
  expect(await scripted.run()).toEqual({ status: "finished" });
  const sizes = llm.requests.filter(asksForSummary).map(({ text }) => text.length);
  expect(summaries).toBeGreaterThanOrEqual(5);
  expect(sizes.slice(0, 5)).toEqual(sizes.slice(0, 5).toSorted((a, b) => b - a));
  expect(rungs(scripted.events)).toContain("keep-tail");
  expect(faults(llm)).toEqual([]);
});

it("a provider that calls everything too long ends the run", async () => {
  const refuse: Responder = () => fail(400, { error: { message: "prompt is too long" } });
  let answer: Responder = worker(30, 3000);
  await using llm = await startScriptedLlm({ responder: (request) => answer(request) });
  const scripted = new ScriptedRun({ url: llm.url });
  scripted.says(task);
  await scripted.run(30);
  const before = llm.requests.length;
  answer = refuse;
  await expect(scripted.run()).rejects.toMatchObject({ kind: "context_overflow" });
  expect(llm.requests.length - before).toBeLessThan(40);
});

it("a person who wishes it gets a summary, and nothing where there is nothing", async () => {
  await using llm = await startScriptedLlm({ responder: worker(20, 2000) });
  const scripted = new ScriptedRun({ url: llm.url });
  const ladder = () => ({
    model: scripted.model,
    context: scripted.context,
    signal: new AbortController().signal,
    stats: () => scripted.state.stats,
    append: (drafts: Parameters<ScriptedRun["append"]>[0]) => Promise.resolve(scripted.append(drafts)),
    onRetry: () => undefined,
  });
  scripted.says(task);
  expect(await summariseNow(ladder())).toEqual({ condensed: false, asked: false });
  await scripted.run();
  const before = [...scripted.events];
  const size = scripted.context.size;
  expect(await summariseNow(ladder())).toEqual({ condensed: true, asked: true });
  expect(scripted.context.size).toBeLessThan(size / 2);
  expect(scripted.events.slice(0, before.length)).toEqual(before);
  expect(reread(scripted.events).prompt()).toEqual(scripted.context.prompt());
  expect(await summariseNow(ladder())).toEqual({ condensed: false, asked: false });
  scripted.says("And now?");
  expect(await scripted.run()).toEqual({ status: "finished" });
  expect(llm.requests.at(-1)?.text).toContain("Summary of what came before");
  expect(faults(llm)).toEqual([]);
});
