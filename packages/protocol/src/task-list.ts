/** The agent's list of tasks. Each observation carries the whole list, so the newest one in the log is the list. */
import * as z from "zod";
import { ToolObservation } from "./tools.ts";

export const TaskStatus = z.enum(["todo", "in_progress", "done"]);
export type TaskStatus = z.infer<typeof TaskStatus>;

export const TaskItem = z.looseObject({ title: z.string(), notes: z.string(), status: TaskStatus });
export type TaskItem = z.infer<typeof TaskItem>;

export const TaskTrackerCommand = z.enum(["view", "plan"]);

export const TaskTrackerAction = z.looseObject({
  kind: z.literal("TaskTrackerAction"),
  command: TaskTrackerCommand,
  /** the whole new list, with `plan` */
  task_list: z.array(TaskItem),
});
export type TaskTrackerAction = z.infer<typeof TaskTrackerAction>;

export const TaskTrackerObservation = ToolObservation.extend({
  kind: z.literal("TaskTrackerObservation"),
  command: TaskTrackerCommand,
  task_list: z.array(TaskItem),
});
export type TaskTrackerObservation = z.infer<typeof TaskTrackerObservation>;
