import { Centered } from "../../../components/centered.tsx";
import type { ConversationSession } from "../../conversation-session.ts";
import { TaskList } from "../../feed/task-list.tsx";
import { useTasks } from "./use-tasks.ts";

/** What the agent has set out to do, and how far it is. */
export function TasksTab({ session }: { session: ConversationSession }) {
  const tasks = useTasks(session);
  if (tasks.length === 0)
    return (
      <Centered
        title="No tasks"
        text="For longer work the agent keeps a list of what is to be done. It stands here."
      />
    );
  return (
    <div className="h-full overflow-y-auto py-1 [&>ul]:border-0" data-testid="tasks-panel">
      <TaskList tasks={tasks} />
    </div>
  );
}
