import type { ConversationInfo, ExecutionStatus } from "@openhands/protocol";
import type { DotTone } from "../components/status-dot.tsx";
import { isToday, shortWhen } from "../format/when.ts";

export interface ListGroup {
  readonly name: "Active" | "Today" | "Earlier";
  readonly items: readonly ConversationInfo[];
}

const active: ReadonlySet<ExecutionStatus> = new Set(["running", "waiting_for_confirmation"]);

/** What is at work or waits for the person first, then by day; groups without items are left out. */
export function listGroups(items: readonly ConversationInfo[], now: Date): ListGroup[] {
  const sorted: Record<ListGroup["name"], ConversationInfo[]> = { Active: [], Today: [], Earlier: [] };
  for (const item of items) {
    const name = active.has(item.execution_status)
      ? "Active"
      : isToday(item.updated_at, now)
        ? "Today"
        : "Earlier";
    sorted[name].push(item);
  }
  return (["Active", "Today", "Earlier"] as const)
    .map((name) => ({ name, items: sorted[name] }))
    .filter((group) => group.items.length > 0);
}

export function titleOf(info: Pick<ConversationInfo, "title"> | null): string {
  return info?.title ?? "New conversation";
}

/** What stands at the right of a row: what it waits for, or when it last moved. */
export function rowNote(info: ConversationInfo, now: Date): string {
  if (info.execution_status === "waiting_for_confirmation") return "asks";
  if (info.execution_status === "running") return "running";
  return shortWhen(info.updated_at, now);
}

const tones: Readonly<Record<ExecutionStatus, DotTone>> = {
  idle: "idle",
  running: "now",
  paused: "wait",
  waiting_for_confirmation: "wait",
  finished: "good",
  error: "bad",
  stuck: "bad",
};

export function rowTone(info: ConversationInfo): DotTone {
  return tones[info.execution_status];
}
