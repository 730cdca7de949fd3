import type { ActionEvent, ExecutionStatus, SandboxState, WaitState } from "@openhands/protocol";
import { expect, test } from "vitest";
import { type Happening, sandboxWords, statusWords } from "./status-words.ts";

const ready: SandboxState = { status: "ready", runtime: "docker" };
const wait = (who: WaitState["who"], what: string, since: string): WaitState => ({
  who,
  what,
  since,
  limited_by: null,
});
const atTool = wait("tool", "browser", "2026-01-01T00:00:05Z");
const quiet: Happening = {
  executionStatus: "running",
  sandbox: ready,
  wait: wait("model", "openai/gpt-5", "2026-01-01T00:00:00Z"),
  retry: null,
  pausing: false,
  openAction: null,
  streaming: { content: "", reasoning: "" },
  lastEventAt: "2026-01-01T00:00:00Z",
  hasMessages: true,
  notice: null,
};

function action(kind: string, more: Record<string, unknown> = {}): ActionEvent {
  return {
    id: "a",
    seq: 1,
    timestamp: "2026-01-01T00:00:05Z",
    source: "agent",
    kind: "ActionEvent",
    thought: [],
    action: { kind, ...more },
    tool_name: "browser",
    tool_call_id: "c",
    tool_call: { id: "c", name: "browser", arguments: "{}" },
    llm_response_id: "r",
    security_risk: "LOW",
  };
}

test("who is waited for is named, with since when", () => {
  expect(statusWords(quiet)).toEqual({
    words: "Waiting for gpt-5",
    tone: "now",
    since: "2026-01-01T00:00:00Z",
    until: null,
  });
  expect(statusWords({ ...quiet, wait: atTool, openAction: action("TerminalAction") })).toMatchObject({
    words: "Running a command",
    since: "2026-01-01T00:00:05Z",
  });
});

test.each([
  [action("FileEditorAction", { command: "view" }), "Reading a file"],
  [action("FileEditorAction", { command: "create" }), "Editing a file"],
  [action("BrowserAction"), "Using browser"],
])("an action of its own kind has its own words", (openAction, words) => {
  expect(statusWords({ ...quiet, wait: atTool, openAction }).words).toBe(words);
});

test("between two tries the model is named, with the time of the next", () => {
  const until = "2026-01-01T00:00:30Z";
  const retry = { kind: "rate_limit", detail: "Busy.", attempt: 1, attempts: 5, until };
  expect(statusWords({ ...quiet, retry })).toMatchObject({ words: "Asking gpt-5 again", since: null, until });
});

test("that it pauses after this is said until it does", () => {
  const openAction = action("TerminalAction");
  expect(statusWords({ ...quiet, wait: atTool, openAction, pausing: true }).words).toBe(
    "Pausing after this: running a command",
  );
});

test("streamed text tells thinking from writing", () => {
  expect(statusWords({ ...quiet, streaming: { content: "", reasoning: "hm" } }).words).toBe("Thinking");
  expect(statusWords({ ...quiet, streaming: { content: "I", reasoning: "hm" } }).words).toBe("Writing");
});

test("the server's own word for a wait goes first", () => {
  const notice = "The provider is busy; the next try is in 8 s.";
  expect(statusWords({ ...quiet, notice }).words).toBe("The provider is busy; the next try is in 8 s");
});

test("a sandbox that is waited for says how far it is", () => {
  const sandbox: SandboxState = { status: "starting", runtime: "docker" };
  const openAction = action("TerminalAction");
  const atSandbox = wait("sandbox", "starting", "2026-01-01T00:00:05Z");
  expect(statusWords({ ...quiet, wait: atSandbox, sandbox, openAction }).words).toBe("Starting the sandbox");
  expect(statusWords({ ...quiet, sandbox }).words).toBe("Waiting for gpt-5");
});

test.each([
  ["idle", "idle"],
  ["finished", "good"],
  ["error", "bad"],
  ["stuck", "bad"],
] satisfies [ExecutionStatus, string][])("%s has the tone %s and no clock", (executionStatus, tone) => {
  expect(statusWords({ ...quiet, executionStatus })).toMatchObject({ tone, since: null });
});

test.each(["paused", "waiting_for_confirmation"] as const)("%s tells since when", (executionStatus) => {
  const words = statusWords({ ...quiet, executionStatus });
  expect(words).toMatchObject({ tone: "wait", since: quiet.lastEventAt });
});

test("progress of the sandbox has its step and its percent", () => {
  expect(
    sandboxWords({ status: "preparing_image", runtime: "docker", message: "step 4 of 9.", progress: 40.2 }),
  ).toBe("Preparing the image: step 4 of 9, 40 %");
  expect(
    sandboxWords({
      status: "preparing_image",
      runtime: "docker",
      message: "Installing packages",
      progress: 62,
    }),
  ).toBe("Installing packages, 62 %");
  expect(sandboxWords({ status: "starting", runtime: "docker", message: "Starting the container" })).toBe(
    "Starting the container",
  );
  expect(sandboxWords({ status: "queued", runtime: null, position: 2, message: "All are busy" })).toBe(
    "Waiting for a sandbox: 2nd in line",
  );
  expect(sandboxWords({ status: "queued", runtime: null, position: 11 })).toBe(
    "Waiting for a sandbox: 11th in line",
  );
  expect(sandboxWords({ status: "ready", runtime: "docker", message: "Docker 20.10" })).toBe("Sandbox ready");
});
