import { type TaskItem, TaskStatus, TaskTrackerAction, TaskTrackerCommand, text } from "@openhands/protocol";
import * as z from "zod";
import { defineTool } from "../tool.ts";

const none = 'No task list found. Use the "plan" command to create one.';

export const taskTrackerTool = defineTool({
  name: "task_tracker",
  description: `Keeps a list of tasks that the person sees, for work of several steps.
- plan: task_list becomes the whole list. Send it again with new states as you go: one task in_progress at a time, done only when you saw it work.
- view: the list as it is.`,
  input: z
    .object({
      command: TaskTrackerCommand,
      task_list: z
        .array(z.object({ title: z.string(), notes: z.string().nullish(), status: TaskStatus.nullish() }))
        .nullish(),
    })
    .refine(({ command, task_list: list }) => command === "view" || Array.isArray(list), {
      error: "Parameter `task_list` is required for command: plan.",
    }),
  action: TaskTrackerAction,
  effect: "none",
  toAction: ({ command, task_list }) => ({
    kind: "TaskTrackerAction" as const,
    command,
    task_list: (task_list ?? []).map(({ title, notes, status }) => ({
      title,
      notes: notes ?? "",
      status: status ?? "todo",
    })),
  }),
  async run({ command, task_list: planned }, { memory }) {
    const tasks = command === "plan" ? planned : memory.tasks;
    return {
      kind: "TaskTrackerObservation",
      command,
      task_list: [...tasks],
      content: [text(command === "plan" ? updated(tasks) : listed(tasks))],
      is_error: false,
    };
  },
});

const updated = (tasks: readonly TaskItem[]): string =>
  `Task list has been updated with ${tasks.length} item(s).`;

function listed(tasks: readonly TaskItem[]): string {
  if (tasks.length === 0) return none;
  const lines = tasks.map(({ title, notes, status }, index) => {
    const line = `${index + 1}. [${status}] ${title}`;
    return notes === "" ? line : `${line}\n   ${notes.replaceAll("\n", "\n   ")}`;
  });
  return ["# Task List", "", ...lines].join("\n");
}
