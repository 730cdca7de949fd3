/** How much sandboxes may take, and how many there may be: the settings, and before them the environment. */
import { totalmem } from "node:os";
import type { Settings } from "@openhands/protocol";

/** The settings that the environment can override, with the variable that does. */
export const limitVariables = {
  sandbox_memory_mb: "OPENHANDS_MEMORY_MB",
  sandbox_cpus: "OPENHANDS_CPUS",
  sandbox_processes: "OPENHANDS_PROCESSES",
  sandbox_idle_seconds: "OPENHANDS_IDLE_SUSPEND_SECONDS",
  sandbox_pool_size: "OPENHANDS_POOL_SIZE",
  sandbox_max_running: "OPENHANDS_MAX_RUNNING",
} as const;

export type LimitSettings = Pick<Settings, keyof typeof limitVariables>;

export interface SandboxLimits {
  readonly memoryMb: number;
  /** null: no limit */
  readonly cpus: number | null;
  readonly processes: number;
  /** 0: never */
  readonly idleSeconds: number;
  /** sandboxes made ahead */
  readonly poolSize: number;
  /** sandboxes at once */
  readonly maxRunning: number;
}

export function sandboxLimits(settings: LimitSettings, overrides: Partial<LimitSettings>): SandboxLimits {
  const wanted = { ...settings, ...overrides };
  return {
    memoryMb: wanted.sandbox_memory_mb,
    cpus: wanted.sandbox_cpus,
    processes: wanted.sandbox_processes,
    idleSeconds: wanted.sandbox_idle_seconds,
    poolSize: wanted.sandbox_pool_size,
    // the machine's memory is looked up where somebody asks: the other limits are asked for at each step
    get maxRunning() {
      return wanted.sandbox_max_running ?? maxRunningByMemory(wanted.sandbox_memory_mb);
    },
  };
}

/** As many as fit into four fifths of the machine's memory when each takes all that it may. */
const maxRunningByMemory = (memoryMb: number): number =>
  Math.max(1, Math.floor((totalmem() * 0.8) / (memoryMb * 2 ** 20)));
