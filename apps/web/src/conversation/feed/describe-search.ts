/** What a step of `grep`, `glob` or `task_tracker` says in its line. */
import {
  GlobAction,
  GlobObservation,
  GrepAction,
  GrepObservation,
  type TaskItem,
  TaskTrackerAction,
  TaskTrackerObservation,
} from "@openhands/protocol";
import type { StepLine } from "./step-line.ts";
import type { Step } from "./feed-items.ts";
import { shortPath } from "./short-path.ts";

export function searchLine({ action, answer }: Step): Partial<StepLine> | null {
  const observation = answer?.kind === "ObservationEvent" ? answer.observation : null;
  const grep = GrepAction.safeParse(action.action);
  if (grep.success) {
    const seen = GrepObservation.safeParse(observation);
    const found = seen.success && !seen.data.is_error ? seen.data : null;
    return searched(grep.data, [grep.data.include, grep.data.path], {
      result: found && counted(found.line_count, found.truncated, "match", "matches"),
    });
  }
  const glob = GlobAction.safeParse(action.action);
  if (!glob.success) return null;
  const seen = GlobObservation.safeParse(observation);
  const found = seen.success && !seen.data.is_error ? seen.data : null;
  return searched(glob.data, [glob.data.path], {
    result: found && counted(found.files.length, found.truncated, "file", "files"),
  });
}

function searched(
  { pattern }: { pattern: string },
  where: readonly (string | null | undefined)[],
  { result }: { result: string | null },
): Partial<StepLine> {
  const places = where.flatMap((place) => (place ? [shortPath(place)] : []));
  const note = places.length === 0 ? "" : `in ${places.join(", ")}`;
  return { icon: "search", subject: pattern, note, ...(result === null ? {} : { result }) };
}

function counted(count: number, more: boolean, one: string, many: string): string {
  if (count === 0) return "nothing found";
  return `${count}${more ? "+" : ""} ${count === 1 && !more ? one : many}`;
}

export function taskLine(step: Step): Partial<StepLine> | null {
  const tasks = tasksOf(step);
  if (tasks === null) return null;
  const done = tasks.filter(({ status }) => status === "done").length;
  const current = tasks.find(({ status }) => status === "in_progress");
  return {
    icon: "tasks",
    subject: current?.title ?? "Tasks",
    note: "",
    result: tasks.length === 0 ? "" : `${done} of ${tasks.length} done`,
  };
}

/** The list that a step of the task tracker shows: as it answered, else as it was asked. Null for other tools. */
export function tasksOf({ action, answer }: Step): readonly TaskItem[] | null {
  const asked = TaskTrackerAction.safeParse(action.action);
  if (!asked.success) return null;
  const observation = answer?.kind === "ObservationEvent" ? answer.observation : null;
  const seen = TaskTrackerObservation.safeParse(observation);
  return seen.success ? seen.data.task_list : asked.data.task_list;
}
