import type { TaskItem } from "@openhands/protocol";
import { Circle, CircleCheck, CircleDot } from "lucide-react";
import { classNames } from "../../components/class-names.ts";

const marks = { todo: Circle, in_progress: CircleDot, done: CircleCheck } as const;
const words = { todo: "To do", in_progress: "In progress", done: "Done" } as const;

/** The agent's tasks, each with its state. */
export function TaskList({ tasks }: { tasks: readonly TaskItem[] }) {
  if (tasks.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1.5 border-t border-line px-3 py-2 text-row">
      {tasks.map(({ title, notes, status }, index) => {
        const Mark = marks[status];
        return (
          <li key={`${index}${title}`} className="flex gap-2">
            <Mark
              aria-label={words[status]}
              className={classNames(
                "mt-[3px] size-3.5 shrink-0",
                status === "in_progress" ? "text-accent" : "text-faint",
              )}
            />
            <span
              className={classNames("min-w-0 wrap-anywhere", status === "done" ? "text-faint" : "text-ink")}
            >
              {title}
              {notes === "" ? null : <span className="block text-small text-mute">{notes}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
