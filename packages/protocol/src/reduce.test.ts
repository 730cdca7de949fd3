import { describe, expect, it } from "vitest";
import { type EventDraft, parseEvent, type StoredEvent } from "./events.ts";
import { emptyState, reduce } from "./reduce.ts";

const stored = (drafts: readonly (EventDraft | Record<string, unknown>)[]): StoredEvent[] =>
  drafts.map((draft, seq) =>
    parseEvent({ id: `e${seq}`, seq, timestamp: `2026-01-01T00:00:0${seq}Z`, ...draft }),
  );

const fold = (drafts: readonly (EventDraft | Record<string, unknown>)[]) =>
  stored(drafts).reduce(reduce, emptyState);

const update = (key: string, value: unknown): EventDraft => ({
  kind: "ConversationStateUpdateEvent",
  source: "environment",
  key,
  value,
});

const action = (id: string): EventDraft => ({
  kind: "ActionEvent",
  source: "agent",
  thought: [],
  action: { kind: "TerminalAction" },
  tool_name: "terminal",
  tool_call_id: id,
  tool_call: { id, name: "terminal", arguments: "{}" },
  llm_response_id: "r1",
  security_risk: "UNKNOWN",
});

const message = (source: "user" | "agent", content: string): EventDraft => ({
  kind: "MessageEvent",
  source,
  llm_message: { role: source === "user" ? "user" : "assistant", content: [{ type: "text", text: content }] },
});

const spending = {
  accumulated_cost: 0,
  accumulated_token_usage: {
    prompt_tokens: 0,
    completion_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
  },
};

describe("reduce", () => {
  it("knows which actions nothing has answered yet, in order", () => {
    const closed: EventDraft = {
      kind: "AgentErrorEvent",
      source: "agent",
      error: "no",
      tool_name: "terminal",
      tool_call_id: "b",
    };
    const state = fold([action("a"), action("b"), action("c"), closed]);
    expect([...state.openActions.keys()]).toEqual(["a", "c"]);
  });

  it("forgets an error once the conversation goes on", () => {
    const failed: EventDraft = {
      kind: "ConversationErrorEvent",
      source: "environment",
      code: "x",
      detail: "y",
    };
    const drafts = [failed, update("execution_status", "error")];
    expect(fold(drafts)).toMatchObject({ executionStatus: "error", error: { code: "x", detail: "y" } });
    expect(fold([...drafts, update("execution_status", "running")])).toMatchObject({ error: null });
  });

  it("takes the title from the first message until one is given", () => {
    const first = message("user", "  Fix the flaky test\nand more");
    expect(fold([first]).title).toBe("Fix the flaky test");
    expect(fold([first, update("title", "Tests"), message("user", "thanks")]).title).toBe("Tests");
    expect(fold([message("user", "word ".repeat(40))]).title).toMatch(/^(word ){1,12}word…$/);
    expect(fold([message("user", `a${"😀".repeat(40)}`)]).title).toMatch(/^a(😀){29}…$/u);
  });

  it("tells an unanswered message from an answered one", () => {
    const answered = fold([message("user", "a"), message("agent", "b")]);
    expect(answered.lastUserMessageSeq).toBeLessThan(answered.lastAgentSeq);
    const open = fold([message("user", "a"), message("agent", "b"), message("user", "c")]);
    expect(open.lastUserMessageSeq).toBeGreaterThan(open.lastAgentSeq);
  });

  it("does not let a message wait that was delivered before the line it stands in was written", () => {
    const waiting = (n: number) => ({ n, content: [], created_at: "2026-01-01T00:00:00Z" });
    const delivered = {
      kind: "MessageEvent",
      source: "user",
      llm_message: { role: "user", content: [] },
      queued: 1,
    };
    const state = fold([update("queue", [waiting(1)]), delivered, update("queue", [waiting(1), waiting(2)])]);
    expect(state.queue).toEqual([waiting(2)]);
  });

  it("counts the limits of a run from where the person let it go on, not from a yes or a new server", () => {
    const spent = (calls: number): EventDraft =>
      update("stats", { usage_to_metrics: { agent: { model_name: "m", calls, ...spending } } });
    const status = (value: string): EventDraft => update("execution_status", value);
    const before = (...drafts: readonly EventDraft[]): number =>
      fold([spent(3), message("user", "go"), status("running"), spent(5), ...drafts]).statsBefore
        .usage_to_metrics["agent"]?.calls ?? 0;
    const cutOff = [status("paused"), update("cut_off", true)];
    expect(before()).toBe(3);
    expect(before(message("user", "faster"))).toBe(3);
    expect(before(status("waiting_for_confirmation"), status("running"))).toBe(3);
    expect(before(...cutOff, status("running"))).toBe(3);
    expect(before(...cutOff, message("user", "go on"), status("running"))).toBe(5);
    expect(before(status("waiting_for_confirmation"), status("idle"), message("user", "no"))).toBe(5);
    expect(before(status("paused"), status("running"))).toBe(5);
    expect(before(status("error"), message("user", "go on"), status("running"))).toBe(5);
  });

  it("moves on over kinds, keys and values that it does not know", () => {
    const state = fold([
      { kind: "HologramEvent", source: "agent", beam: 1 },
      update("mood", "good"),
      update("execution_status", "levitating"),
    ]);
    expect(state).toMatchObject({ lastSeq: 2, executionStatus: "idle" });
  });
});

describe("parseEvent", () => {
  it("keeps unknown fields and unknown kinds as they are", () => {
    const row = { id: "x", seq: 3, timestamp: "t", source: "user", kind: "PauseEvent", mood: { a: 1 } };
    expect(parseEvent(row)).toEqual(row);
    const other = { id: "x", seq: 3, timestamp: "t", source: "moon", kind: "TideEvent", height: 2 };
    expect(parseEvent(other)).toEqual(other);
  });

  it("refuses a known kind without its fields", () => {
    expect(() =>
      parseEvent({ id: "x", seq: 3, timestamp: "t", source: "user", kind: "MessageEvent" }),
    ).toThrow();
    expect(() => parseEvent({ kind: "PauseEvent" })).toThrow();
    expect(() => parseEvent(null)).toThrow();
  });
});
