import { plainText } from "@openhands/protocol";
import { expect, test } from "vitest";
import { Context } from "../context.ts";
import { understand } from "../understand.ts";
import type { ToolMemory } from "../tool-memory.ts";
import { defaultTools } from "./registry.ts";
import { taskTrackerTool } from "./task-tracker.ts";

async function track(memory: ToolMemory, input: unknown) {
  const sandbox = (): Promise<never> => Promise.reject(new Error("it needs none"));
  const context = { sandbox, signal: new AbortController().signal, memory, onOutput: () => undefined };
  return await taskTrackerTool.run(taskTrackerTool.parse(input), context);
}

test("the list is what the newest plan in the log says", async () => {
  const context = new Context();
  expect(plainText((await track(context.memory, { command: "view" })).content)).toMatch(
    /^No task list found/,
  );
  const tasks = [
    { title: "Read", status: "done" },
    { title: "Write", notes: "with tests", status: "in_progress" },
    { title: "Land", status: null },
  ];
  const observation = await track(context.memory, { command: "plan", task_list: tasks });
  expect(plainText(observation.content)).toBe("Task list has been updated with 3 item(s).");
  context.push({
    kind: "ObservationEvent",
    id: "e",
    seq: 0,
    timestamp: "t",
    source: "environment",
    observation,
    action_id: "a",
    tool_name: "task_tracker",
    tool_call_id: "c",
  });
  const seen = await track(context.memory, { command: "view" });
  expect(plainText(seen.content)).toContain("2. [in_progress] Write\n   with tests\n3. [todo] Land");
  expect(seen["task_list"]).toEqual(observation["task_list"]);
});

test("a plan without a list is no empty plan", () => {
  const call = { id: "c", name: "task_tracker", arguments: '{"command":"plan"}' };
  expect(understand(call, defaultTools)).toMatchObject({
    action: null,
    error: expect.stringContaining("Parameter `task_list` is required"),
  });
});
