import type { ActionEvent, ExecutionStatus, SandboxState } from "@openhands/protocol";
import { expect, test } from "vitest";
import { type Happening, sandboxWords, statusWords } from "./status-words.ts";

const ready: SandboxState = { status: "ready", runtime: "docker" };
const quiet: Happening = {
  executionStatus: "running",
  sandbox: ready,
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

test("what it waits for is said, with since when", () => {
  expect(statusWords(quiet)).toEqual({
    words: "Waiting for the model",
    tone: "now",
    since: "2026-01-01T00:00:00Z",
  });
  expect(statusWords({ ...quiet, openAction: action("TerminalAction") })).toEqual({
    words: "Running a command",
    tone: "now",
    since: "2026-01-01T00:00:05Z",
  });
});

test.each([
  [action("FileEditorAction", { command: "view" }), "Reading a file"],
  [action("FileEditorAction", { command: "create" }), "Editing a file"],
  [action("BrowserAction"), "Using browser"],
])("an action of its own kind has its own words", (openAction, words) => {
  expect(statusWords({ ...quiet, openAction }).words).toBe(words);
});

test("streamed text tells thinking from writing", () => {
  expect(statusWords({ ...quiet, streaming: { content: "", reasoning: "hm" } }).words).toBe("Thinking");
  expect(statusWords({ ...quiet, streaming: { content: "I", reasoning: "hm" } }).words).toBe("Writing");
});

test("the server's own word for a wait goes first", () => {
  const notice = "The provider is busy; the next try is in 8 s.";
  expect(statusWords({ ...quiet, notice }).words).toBe("The provider is busy; the next try is in 8 s");
});

test("an action that waits for the sandbox says so", () => {
  const sandbox: SandboxState = { status: "starting", runtime: "docker" };
  const openAction = action("TerminalAction");
  expect(statusWords({ ...quiet, sandbox, openAction }).words).toBe("Starting the sandbox");
  expect(statusWords({ ...quiet, sandbox }).words).toBe("Waiting for the model");
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
