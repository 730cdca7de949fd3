import { expect, test } from "vitest";
import { command, log, output } from "../../feed/sample-events.test-data.ts";
import { commandBlocks } from "./command-blocks.ts";

test("commands stand in order with output and exit code, the last one open", () => {
  const blocks = commandBlocks(
    log(command("1", "ls"), output("1", "a"), command("2", "false"), output("2", "", 1), command("3", "top")),
  );
  expect(blocks).toMatchObject([
    { command: "ls", output: "a", exitCode: 0, open: false },
    { command: "false", exitCode: 1, open: false },
    { command: "top", output: "", exitCode: null, open: true },
  ]);
});

test("a command is given in the folder that the one before it left", () => {
  const blocks = commandBlocks(
    log(command("1", "cd src"), output("1", "", 0, "/workspace/src"), command("2", "ls")),
  );
  expect(blocks.map((block) => block.workingDir)).toEqual([null, "/workspace/src"]);
});

test("a command that returned early has no exit code yet", () => {
  expect(commandBlocks(log(command("1", "x"), output("1", "so far", -1)))).toMatchObject([
    { output: "so far", exitCode: null, open: false },
  ]);
});

test("a command that an error closed tells the error", () => {
  const closed = { kind: "AgentErrorEvent", source: "agent", error: "interrupted", tool_call_id: "1" };
  const blocks = commandBlocks(log(command("1", "x"), { ...closed, tool_name: "terminal" }));
  expect(blocks).toMatchObject([{ output: "interrupted", open: false }]);
});
