/** What tools know from their earlier calls in this conversation, folded from the log: there is nothing else to keep. */
import { type TaskItem, TaskTrackerObservation, type ToolObservation } from "@openhands/protocol";
import { FileMemory } from "@openhands/sandbox";

export class ToolMemory {
  readonly files = new FileMemory();
  #tasks: readonly TaskItem[] = [];

  /** as the newest plan has them */
  get tasks(): readonly TaskItem[] {
    return this.#tasks;
  }

  /** Takes observations in the order of the log. */
  push(observation: ToolObservation): void {
    this.files.push(observation);
    if (observation.kind !== "TaskTrackerObservation") return;
    const tracked = TaskTrackerObservation.safeParse(observation);
    if (tracked.success && !tracked.data.is_error) this.#tasks = tracked.data.task_list;
  }
}
