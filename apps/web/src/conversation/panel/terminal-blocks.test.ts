import { expect, test } from "vitest";
import { command, log, output } from "../feed/sample-events.test-data.ts";
import { terminalBlocks } from "./terminal-blocks.ts";

test("commands stand in order with output and exit code, the last one running", () => {
  const blocks = terminalBlocks(
    log(command("1", "ls"), output("1", "a"), command("2", "false"), output("2", "", 1), command("3", "top")),
  );
  expect(blocks).toMatchObject([
    { command: "ls", output: "a", exitCode: 0, running: false },
    { command: "false", exitCode: 1, running: false },
    { command: "top", output: "", exitCode: null, running: true },
  ]);
});

test("a command is given in the folder that the one before it left", () => {
  const blocks = terminalBlocks(
    log(command("1", "cd src"), output("1", "", 0, "/workspace/src"), command("2", "ls")),
  );
  expect(blocks.map((block) => block.workingDir)).toEqual([null, "/workspace/src"]);
});

test("a command that returned early has no exit code yet", () => {
  expect(terminalBlocks(log(command("1", "x"), output("1", "so far", -1)))).toMatchObject([
    { output: "so far", exitCode: null, running: false },
  ]);
});

test("a command that an error closed tells the error", () => {
  const closed = { kind: "AgentErrorEvent", source: "agent", error: "interrupted", tool_call_id: "1" };
  const blocks = terminalBlocks(log(command("1", "x"), { ...closed, tool_name: "terminal" }));
  expect(blocks).toMatchObject([{ output: "interrupted", running: false }]);
});
