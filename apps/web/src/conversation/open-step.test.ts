import type { ConversationInfo } from "@openhands/protocol";
import { expect, test } from "vitest";
import { type ConversationView, emptyView, withLatest } from "./conversation-view.ts";
import { call, command, log } from "./feed/sample-events.test-data.ts";
import { openStep } from "./open-step.ts";

function view(status: string, sandbox = "ready"): ConversationView {
  const events = log(command("1", "ls"), command("2", "make"), call("3", { kind: "GrepAction" }));
  const info = { execution_status: status, sandbox: { status: sandbox } } as ConversationInfo;
  return { ...withLatest(emptyView, { events, hasEarlier: false, queue: null }), info };
}

const states = (of: ConversationView): string[] => ["e0", "e1", "e2"].map((id) => openStep(of, id));

test("of several commands in one shell the first runs, the others are next", () => {
  expect(states(view("running"))).toEqual(["runs", "next", "runs"]);
});

test("nothing runs that waits for a yes, for the sandbox, or for a run", () => {
  expect(states(view("waiting_for_confirmation"))).toEqual(["asks", "asks", "asks"]);
  expect(states(view("running", "queued"))).toEqual(["sandbox", "sandbox", "sandbox"]);
  expect(states(view("paused"))).toEqual(["rests", "rests", "rests"]);
});
