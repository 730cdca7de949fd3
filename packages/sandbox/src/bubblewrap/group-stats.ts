/** What a sandbox's control groups count. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HeldLimits, SandboxStats } from "../sandbox.ts";
import type { ControlGroup } from "./control-groups.ts";

/** A sandbox that has just gone uses nothing. */
export async function groupStats(
  groups: readonly ControlGroup[],
  { memory_mb: memoryMb }: HeldLimits,
): Promise<SandboxStats> {
  const read = async (...files: readonly string[]): Promise<string> => {
    for (const { path } of groups) {
      for (const file of files) {
        const content = await readFile(join(path, file), "utf8").catch(() => null);
        if (content !== null) return content;
      }
    }
    return "0";
  };
  const [memory, facts, processes] = await Promise.all([
    read("memory.usage_in_bytes", "memory.current"),
    read("memory.stat"),
    read("pids.current"),
  ]);
  // pages that only cache files go as soon as memory is short
  const found = /^total_inactive_file (\d+)$/m.exec(facts) ?? /^inactive_file (\d+)$/m.exec(facts);
  const cache = Number(found?.[1] ?? 0);
  return {
    memory_bytes: Math.max(0, Number(memory) - cache),
    memory_limit_bytes: memoryMb === null ? null : memoryMb * 1024 * 1024,
    processes: Number(processes),
  };
}
