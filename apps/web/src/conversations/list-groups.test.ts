import type { ConversationInfo, ExecutionStatus } from "@openhands/protocol";
import { expect, test } from "vitest";
import { listGroups, rowNote } from "./list-groups.ts";

const now = new Date(2026, 10, 23, 15, 0);
const hoursAgo = (hours: number): string => new Date(now.getTime() - hours * 3_600_000).toISOString();

const info = (title: string | null, status: ExecutionStatus, hours: number) =>
  ({ title, execution_status: status, updated_at: hoursAgo(hours) }) as ConversationInfo;

const titles = (groups: ReturnType<typeof listGroups>) =>
  groups.map((group) => [group.name, group.items.map((item) => item.title)]);

test("what is at work stands first, the rest by day", () => {
  const items = [
    info("a", "finished", 1),
    info("b", "running", 100),
    info("c", "idle", 48),
    info("d", "waiting_for_confirmation", 0),
  ];
  expect(titles(listGroups(items, now))).toEqual([
    ["Active", ["b", "d"]],
    ["Today", ["a"]],
    ["Earlier", ["c"]],
  ]);
});

test("a row says what it waits for, or when it moved", () => {
  expect(rowNote(info("a", "waiting_for_confirmation", 1), now)).toBe("asks");
  expect(rowNote(info("a", "finished", 1), now)).toBe("14:00");
});
