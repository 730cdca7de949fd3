/** The ledger against what the provider charged: also for answers of which nothing came. */
import type { TokenUsage } from "@openhands/protocol";
import { answer, fail, type Responder, type ScriptedUsage, startScriptedLlm } from "@openhands/testing";
import { expect, it } from "vitest";
import { ScriptedRun } from "../test/scripted-run.ts";

const usage: ScriptedUsage = { promptTokens: 1000, completionTokens: 500, reasoningTokens: 400 };
const useless = answer({ reasoning: "Hm. Let me think about that.", usage });
const useful = answer({ text: "Here.", usage });

const counted = (scripted: ScriptedRun, use: string): TokenUsage | undefined =>
  scripted.state.stats.usage_to_metrics[use]?.accumulated_token_usage;

it.each([
  ["that another try mends", [useless, useful], "finished"],
  ["that the model mends when it is told", [useless, useless, useless, useful], "finished"],
  ["until the run ends", Array.from({ length: 6 }, () => useless), "empty"],
])("counts answers without a word in them, %s", async (_, replies, end) => {
  await using llm = await startScriptedLlm();
  llm.push(...replies);
  const scripted = new ScriptedRun({ url: llm.url, attempts: 2 });
  scripted.says("Well?");
  const { status } = await scripted.run().catch((error: { kind: string }) => ({ status: error.kind }));
  expect(status).toBe(end);
  expect(llm.requests).toHaveLength(replies.length);
  expect(counted(scripted, "agent")).toMatchObject({
    prompt_tokens: replies.length * 1000,
    completion_tokens: replies.length * 500,
    reasoning_tokens: replies.length * 400,
  });
});

it("counts summaries without a word in them, also where the next try ends the run", async () => {
  let summaries = 0;
  const responder: Responder = (request) => {
    if ((request.body.tools ?? []).length > 0)
      return answer({
        calls: [{ name: "work", arguments: { characters: llm.requests.length, pad: "x".repeat(4000) } }],
      });
    summaries += 1;
    return summaries === 1 ? useless : fail(401);
  };
  await using llm = await startScriptedLlm({ responder });
  const scripted = new ScriptedRun({ url: llm.url, attempts: 2, facts: { context_window: 8000 } });
  scripted.says("Work.");
  await expect(scripted.run()).rejects.toMatchObject({ kind: "auth" });
  expect(counted(scripted, "condenser")).toMatchObject({ prompt_tokens: 1000, completion_tokens: 500 });
});

it("a budget ends a run whose answers are no use", async () => {
  await using llm = await startScriptedLlm({ responder: () => useless });
  const scripted = new ScriptedRun({ url: llm.url, maxBudget: 0.01 });
  scripted.says("Well?");
  expect(await scripted.run()).toMatchObject({ status: "error", code: "MaxBudgetReached" });
  expect(llm.requests).toHaveLength(1);
});
