import type {
  ConversationInfo,
  FullStateEvent,
  StreamingDeltaEvent,
  ToolOutputDeltaEvent,
} from "@openhands/protocol";
import { expect, test } from "vitest";
import {
  applyUpdates,
  emptyView,
  type ViewUpdate,
  withEarlier,
  withLatest,
  withoutOldest,
} from "./conversation-view.ts";
import { agent, command, log, output, user } from "./feed/sample-events.test-data.ts";

const stored = (events: ReturnType<typeof log>): ViewUpdate[] =>
  events.map((event) => ({ type: "event", event }));

function delta(content: string, more: { reset?: boolean } = {}): ViewUpdate {
  const event: StreamingDeltaEvent = {
    ...more,
    id: "d",
    timestamp: "t",
    source: "agent",
    kind: "StreamingDeltaEvent",
    content,
  };
  return { type: "transient", event };
}

function printed(action_id: string, content: string, more: { reset?: boolean } = {}): ViewUpdate {
  const event: ToolOutputDeltaEvent = {
    ...more,
    id: "o",
    timestamp: "t",
    source: "environment",
    kind: "ToolOutputDeltaEvent",
    action_id,
    tool_name: "terminal",
    tool_call_id: "c",
    content,
  };
  return { type: "transient", event };
}

function fullState(execution_status: ConversationInfo["execution_status"]): ViewUpdate {
  const value = { execution_status, title: "A title", stats: { usage_to_metrics: {} }, error: null };
  const event = {
    id: "f",
    timestamp: "t",
    source: "environment",
    kind: "ConversationStateUpdateEvent",
    key: "full_state",
    value,
  } as FullStateEvent;
  return { type: "transient", event };
}

const statusEvent = (value: string) => ({
  kind: "ConversationStateUpdateEvent",
  source: "environment",
  key: "execution_status",
  value,
});

test("streamed text grows until the stored answer replaces it", () => {
  const [asked, answered] = log(user("hi"), agent("Hello"));
  const streaming = applyUpdates(emptyView, [...stored(asked ? [asked] : []), delta("Hel"), delta("lo")]);
  expect(streaming.streaming.content).toBe("Hello");
  const after = applyUpdates(streaming, stored(answered ? [answered] : []));
  expect(after.streaming.content).toBe("");
  expect(after.events.length).toBe(2);
});

test("an answer that is asked for again starts anew", () => {
  const view = applyUpdates(emptyView, [delta("Hel"), delta("", { reset: true }), delta("Good")]);
  expect(view.streaming.content).toBe("Good");
});

test("a message of the person leaves the text that is being streamed", () => {
  expect(applyUpdates(emptyView, [delta("Hel"), ...stored(log(user("wait")))]).streaming.content).toBe("Hel");
});

test("a new connection starts the text anew, for the server tells it from its start", () => {
  const view = applyUpdates(emptyView, [
    delta("Hel"),
    { type: "connection", connection: "waiting" },
    { type: "connection", connection: "connecting" },
    { type: "connection", connection: "open" },
    delta("Hello"),
  ]);
  expect(view.streaming.content).toBe("Hello");
});

test("a lost connection counts as lost until it is back", () => {
  const told = (connection: "connecting" | "open" | "waiting"): ViewUpdate => ({
    type: "connection",
    connection,
  });
  const lost = applyUpdates(emptyView, [told("connecting"), told("waiting"), told("connecting")]);
  expect(lost.connection).toBe("waiting");
  expect(applyUpdates(lost, [told("open")]).connection).toBe("open");
});

test("text of an answer that was broken off goes when the run ends", () => {
  const view = applyUpdates(emptyView, [fullState("running"), delta("Hel"), fullState("paused")]);
  expect(view.streaming.content).toBe("");
});

test("status, told as an event, changes what full_state told before", () => {
  const view = applyUpdates(emptyView, [fullState("running"), ...stored(log(statusEvent("finished")))]);
  expect(view.info).toMatchObject({ execution_status: "finished", title: "A title" });
});

test("open actions are those of the loaded events that nothing answered", () => {
  const view = withLatest(emptyView, {
    events: log(command("1", "ls"), output("1", ""), command("2", "top")),
    hasEarlier: false,
    queue: null,
  });
  expect([...view.folded.openActions.keys()]).toEqual(["2"]);
});

test("an earlier page goes before what is there, without doubles", () => {
  const events = log(user("a"), agent("b"), user("c"), agent("d"));
  const latest = withLatest(emptyView, { events: events.slice(2), hasEarlier: true, queue: [] });
  const whole = withEarlier(latest, events.slice(0, 3), false);
  expect(whole.events).toEqual(events);
  expect(whole.hasEarlier).toBe(false);
});

test("of a long conversation the oldest events go, and come back when they are loaded", () => {
  const events = log(...Array.from({ length: 401 }, (_, index) => command(String(index), "ls")));
  const whole = withLatest(emptyView, { events, hasEarlier: false, queue: null });
  const short = withoutOldest(whole);
  expect(short.events).toEqual(events.slice(-200));
  expect(short.hasEarlier).toBe(true);
  // what they came to is kept
  expect(short.folded).toBe(whole.folded);
  expect(withEarlier(short, events.slice(0, 201), false).events).toEqual(events);
  expect(withoutOldest(short)).toBe(short);
});

test("what a tool prints is shown until its observation takes the place", () => {
  const printing = applyUpdates(emptyView, [printed("a", "one\n"), printed("a", "two\n")]);
  expect(printing.liveOutput).toEqual({ actionId: "a", text: "one\ntwo\n" });
  const anew = applyUpdates(printing, [printed("a", "two\nthree\n", { reset: true })]);
  expect(anew.liveOutput?.text).toBe("two\nthree\n");
  expect(applyUpdates(anew, [printed("b", "other")]).liveOutput).toEqual({ actionId: "b", text: "other" });
  const answered = applyUpdates(anew, stored(log(output("c1", "two"))));
  expect(answered.liveOutput).toBeNull();
});

test("of what a tool prints without end only the end is kept", () => {
  const much = printed("a", "x".repeat(50_000));
  const view = applyUpdates(emptyView, [much, much, printed("a", "end")]);
  expect(view.liveOutput?.text.length).toBe(64_000);
  expect(view.liveOutput?.text).toMatch(/end$/);
});
