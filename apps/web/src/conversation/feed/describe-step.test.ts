import { expect, test } from "vitest";
import { describeStep } from "./describe-step.ts";
import type { StepLine } from "./step-line.ts";
import { feedItems } from "./feed-items.ts";
import { call, command, log, observed, output } from "./sample-events.test-data.ts";

function lineOf(...drafts: Parameters<typeof log>): StepLine {
  const item = feedItems(log(...drafts))[0];
  if (item?.type !== "steps" || !item.steps[0]) throw new Error("no step");
  return describeStep(item.steps[0]);
}

test("a command has its result and its time", () => {
  expect(lineOf(command("1", "ls\n"), output("1", "a\nb\n"))).toMatchObject({
    icon: "command",
    subject: "ls",
    result: "2 lines",
    time: "1.0 s",
    state: "done",
  });
});

test("an exit code other than 0 fails it", () => {
  expect(lineOf(command("1", "false"), output("1", "", 1))).toMatchObject({
    result: "exit 1",
    state: "failed",
  });
});

test("a command without an answer is running, one that returned early still going", () => {
  expect(lineOf(command("1", "sleep 9"))).toMatchObject({ result: "", time: "", state: "running" });
  expect(lineOf(command("1", "sleep 99"), output("1", "", -1))).toMatchObject({
    result: "still going",
    state: "done",
  });
});

test("a command that was refused is not called still going", () => {
  const refused = { kind: "TerminalObservation", command: "", exit_code: -1, timeout: false, is_error: true };
  const metadata = { exit_code: -1, prefix: "", suffix: "" };
  expect(lineOf(command("1", "a\nb"), observed("1", { ...refused, metadata }))).toMatchObject({
    result: "not run",
    state: "failed",
  });
});

test("of a long command the first line is told", () => {
  expect(lineOf(command("1", "cat <<E\nx\nE")).subject).toBe("cat <<E …");
});

test("an edit counts its lines", () => {
  const edit = { kind: "FileEditorAction", command: "str_replace", path: "/workspace/src/a.ts" };
  const done = {
    kind: "FileEditorObservation",
    command: "str_replace",
    prev_exist: true,
    old_content: "a\nb\nc\n",
    new_content: "a\nB\nB\nc\n",
  };
  expect(lineOf(call("1", edit), observed("1", done))).toMatchObject({
    icon: "edit",
    subject: "src/a.ts",
    note: "edited",
    changes: { added: 2, removed: 1 },
  });
});

test("an edit that failed or is not done is not called done", () => {
  const create = { kind: "FileEditorAction", command: "create", path: "/workspace/a", file_text: "1\n" };
  expect(lineOf(call("1", create))).toMatchObject({ note: "creating", changes: null, state: "running" });
  const failed = { kind: "FileEditorObservation", command: "create", prev_exist: true, is_error: true };
  expect(lineOf(call("1", create), observed("1", failed))).toMatchObject({
    note: "",
    result: "failed",
    changes: null,
    state: "failed",
  });
});

test("a new file counts from the call where the observation has no contents", () => {
  const create = { kind: "FileEditorAction", command: "create", path: "/workspace/a", file_text: "1\n2\n" };
  const done = { kind: "FileEditorObservation", command: "create", prev_exist: false };
  expect(lineOf(call("1", create), observed("1", done)).changes).toEqual({ added: 2, removed: 0 });
});

test("a tool that is not known has its name and says when it failed", () => {
  const line = lineOf(call("1", { kind: "WeatherAction" }), observed("1", { kind: "X", is_error: true }));
  expect(line).toMatchObject({ icon: "tool", subject: "tool", result: "failed", state: "failed" });
});

test("a search tells its pattern, where it looked and how much it found", () => {
  const grep = { kind: "GrepAction", pattern: "Error", include: "*.ts", path: "/workspace/src" };
  const found = { kind: "GrepObservation", pattern: "Error", search_path: "/workspace/src", matches: ["a"] };
  expect(
    lineOf(call("1", grep), observed("1", { ...found, line_count: 200, truncated: true })),
  ).toMatchObject({ icon: "search", subject: "Error", note: "in *.ts, src", result: "200+ matches" });
  const glob = { kind: "GlobAction", pattern: "*.py" };
  const none = { kind: "GlobObservation", pattern: "*.py", search_path: "/workspace", files: [] };
  expect(lineOf(call("1", glob), observed("1", { ...none, truncated: false }))).toMatchObject({
    subject: "*.py",
    note: "",
    result: "nothing found",
  });
  expect(lineOf(call("1", glob), observed("1", { ...none, truncated: false, is_error: true })).result).toBe(
    "failed",
  );
});

test("the task list tells what is worked on and how much is done", () => {
  const task_list = [
    { title: "Read", notes: "", status: "done" },
    { title: "Write", notes: "", status: "in_progress" },
    { title: "Land", notes: "", status: "todo" },
  ];
  const plan = { kind: "TaskTrackerAction", command: "plan", task_list };
  expect(lineOf(call("1", plan))).toMatchObject({
    icon: "tasks",
    subject: "Write",
    result: "1 of 3 done",
    state: "running",
  });
});
