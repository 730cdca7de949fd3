import { expect, test } from "vitest";
import { feedItems, turns } from "./feed-items.ts";
import { agent, call, command, log, observed, output, user } from "./sample-events.test-data.ts";

const types = (items: readonly { type: string }[]): string[] => items.map((item) => item.type);

test("consecutive steps share a card, a sentence between them starts another", () => {
  const items = feedItems(
    log(
      user("go"),
      command("1", "ls"),
      output("1", "a"),
      command("2", "pwd"),
      output("2", "b"),
      command("3", "id", "And now this."),
    ),
  );
  expect(types(items)).toEqual(["message", "steps", "message", "steps"]);
  expect(items[1]).toMatchObject({ steps: [{ answer: { seq: 2 } }, { answer: { seq: 4 } }] });
  expect(items[3]).toMatchObject({ steps: [{ answer: null }] });
});

test("parallel calls find their own answers", () => {
  const items = feedItems(
    log(command("1", "a"), command("2", "b"), output("2", "for b"), output("1", "for a")),
  );
  expect(items).toMatchObject([
    {
      type: "steps",
      steps: [
        { action: { tool_call_id: "1" }, answer: { seq: 3 } },
        { action: { tool_call_id: "2" }, answer: { seq: 2 } },
      ],
    },
  ]);
});

test("finish is told as a message, think and reasoning as a line that opens", () => {
  const items = feedItems(
    log(
      call("1", { kind: "ThinkAction", thought: "hm" }),
      observed("1", { kind: "ThinkObservation" }),
      agent("", "because"),
      call("2", { kind: "FinishAction", message: "All done." }),
      observed("2", { kind: "FinishObservation" }),
    ),
  );
  expect(items).toMatchObject([
    { type: "reasoning", text: "hm" },
    { type: "reasoning", text: "because" },
    { type: "message", from: "agent", text: "All done." },
  ]);
});

test("changes of state are for the log alone, unknown kinds are shown", () => {
  const items = feedItems(
    log(
      { kind: "ConversationStateUpdateEvent", source: "environment", key: "stats", value: {} },
      { kind: "BrandNewEvent", source: "environment" },
    ),
  );
  expect(items).toMatchObject([{ type: "event", event: { kind: "BrandNewEvent" } }]);
});

test("a call that could not be understood is a failed step", () => {
  const items = feedItems(
    log(call("1", null), {
      kind: "AgentErrorEvent",
      source: "agent",
      error: "bad JSON",
      tool_name: "tool",
      tool_call_id: "1",
    }),
  );
  expect(items).toMatchObject([{ type: "steps", steps: [{ answer: { error: "bad JSON" } }] }]);
});

test("keys are unique", () => {
  const items = feedItems(
    log(call("1", { kind: "FinishAction", message: "Done." }, "Nearly."), agent("x", "y"), agent("z")),
  );
  const keys = items.map((item) => item.key);
  expect(new Set(keys).size).toBe(keys.length);
});

test("a turn is a request, the work, and the answer after the last step", () => {
  const [first, second, ...others] = turns(
    feedItems(
      log(
        user("go"),
        command("1", "ls", "Let me look."),
        output("1", "a"),
        command("2", "pwd"),
        output("2", "b"),
        agent("There."),
        user("thanks"),
        agent("Welcome."),
      ),
    ),
  );
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    request: { text: "go" },
    stepCount: 2,
    time: 5_000,
    answer: [{ text: "There." }],
  });
  expect(types(first?.work ?? [])).toEqual(["message", "steps"]);
  expect(second).toMatchObject({ request: { text: "thanks" }, work: [], stepCount: 0 });
});

test("a page that starts in the middle has a turn without its request", () => {
  expect(turns(feedItems(log(agent("There.")))) satisfies unknown[]).toMatchObject([
    { request: null, answer: [{ text: "There." }] },
  ]);
});
