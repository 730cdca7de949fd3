/** What ends a run that leads nowhere, and that a message continues from each end. */
import type { StoredEvent } from "@openhands/protocol";
import { answer, call, hang, say } from "@openhands/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { probeConversation, settled } from "./conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;

beforeEach(async () => void (scripted = await startScriptedServer()));
afterEach(async () => await scripted[Symbol.asyncDispose]());

const errorCodes = (events: readonly StoredEvent[]): unknown[] =>
  events.filter((event) => event.kind === "ConversationErrorEvent").map((event) => event["code"]);

it("repetition is told to the model once, then the run is stuck; a message continues", async () => {
  const { client } = scripted.server;
  scripted.llm.push(...Array.from({ length: 4 }, () => call("terminal", { command: "cat missing.txt" })));
  const { id } = await client.conversations.create({
    initial_message: { role: "user", content: "start", run: true },
  });
  using probe = probeConversation(client, id);
  const info = await probe.state(settled);
  expect(info.execution_status).toBe("stuck");
  expect(info.error?.code).toBe("Stuck");
  expect(scripted.llm.requests).toHaveLength(4);
  expect(JSON.stringify(scripted.llm.requests[3]?.body.messages)).toContain("You repeat yourself");
  expect(JSON.stringify(scripted.llm.requests[2]?.body.messages)).not.toContain("You repeat yourself");
  scripted.llm.push(call("terminal", { command: "cat missing.txt" }), say("There is no such file."));
  await client.events.send(id, { content: "look once more", run: true });
  expect((await probe.state((state) => state.execution_status === "finished")).error).toBeNull();
});

it.each([
  ["a model that says nothing", hang()],
  ["a command that prints for ever", call("terminal", { command: "while :; do echo more; sleep 0.1; done" })],
])("the time of a run is over also where it waits for %s; a message continues", async (_, reply) => {
  const { client } = scripted.server;
  await client.settings.patch({ max_run_seconds: 2 });
  scripted.llm.push(reply);
  const { id } = await client.conversations.create({
    initial_message: { role: "user", content: "start", run: true },
  });
  using probe = probeConversation(client, id);
  expect((await probe.state(settled)).error?.code).toBe("MaxRunSecondsReached");
  await client.settings.patch({ max_run_seconds: null });
  scripted.llm.push(say("Here again."));
  await client.events.send(id, { content: "go on", run: true });
  await probe.event((event) => JSON.stringify(event).includes("Here again."));
  const actions = probe.events.filter((event) => event.kind === "ActionEvent");
  expect(probe.events.filter((event) => event.kind === "AgentErrorEvent")).toHaveLength(actions.length);
});

it("a budget holds for a model without a known price too; a message continues", async () => {
  const { client } = scripted.server;
  scripted.llm.push(
    call("terminal", { command: "echo one" }),
    call("terminal", { command: "echo two" }),
    say("Done."),
  );
  const { id } = await client.conversations.create({
    max_budget: 0.000_001,
    initial_message: { role: "user", content: "start", run: true },
  });
  using probe = probeConversation(client, id);
  expect((await probe.state(settled)).execution_status).toBe("error");
  expect(errorCodes(probe.events)).toEqual(["MaxBudgetReached"]);
  expect(scripted.llm.requests).toHaveLength(1);
  await client.events.send(id, { content: "go on", run: true });
  await probe.event((event) => JSON.stringify(event).includes("echo two"));
});

it.each([
  ["steps", "MaxIterationsReached", { max_iterations: 2 }],
  ["a budget", "MaxBudgetReached", { max_budget: 0.06 }],
])("the limit of %s holds also where a person allows each action", async (_, code, limit) => {
  const { client } = scripted.server;
  const usage = { promptTokens: 1000, completionTokens: 1000 };
  const asks = (command: string) => answer({ calls: [{ name: "terminal", arguments: { command } }], usage });
  scripted.llm.push(asks("echo one"), asks("echo two"), say("Never asked for."));
  const { id } = await client.conversations.create({
    ...limit,
    confirmation_policy: { kind: "AlwaysConfirm" },
    initial_message: { role: "user", content: "start", run: true },
  });
  using probe = probeConversation(client, id);
  for (const asked of [1, 2]) {
    await probe.state(
      (info) =>
        info.execution_status === "waiting_for_confirmation" &&
        info.stats.usage_to_metrics["agent"]?.calls === asked,
    );
    await client.confirmation.respond(id, { accept: true });
  }
  expect((await probe.state((info) => info.execution_status === "error")).error?.code).toBe(code);
  expect(scripted.llm.requests).toHaveLength(2);
  expect(probe.events.filter((event) => event.kind === "ObservationEvent")).toHaveLength(2);
  await client.events.send(id, { content: "go on", run: true });
  await probe.event((event) => JSON.stringify(event).includes("Never asked for."));
});
