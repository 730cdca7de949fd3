/**
 * What a sandbox of bubblewrap may use. With control groups the limits hold for all its processes together. Without them
 * the kernel's limits for single processes are what is left: no process may have more memory than the sandbox should,
 * and, where the sandbox has a user namespace of its own, whose processes alone are counted, no command more processes.
 */
import type { HeldLimits, SandboxSpec } from "../sandbox.ts";
import type { ControlGroup, ControlGroups } from "./control-groups.ts";
import type { Identity } from "./identity.ts";

const mebibyte = 1024 * 1024;

export interface Limits {
  /** empty where there are none */
  readonly groups: readonly ControlGroup[];
  /** argv under which every command is put once it is inside */
  readonly command: readonly string[];
  readonly held: HeldLimits;
}

/** What is said where control groups can't be had. */
export const withoutGroups =
  "No control groups can be made here, so bubblewrap limits the memory of each process and not that of a whole sandbox, and the processes of each command at most. Run the server as root or with delegated control groups, or use Docker.";

export async function makeLimits(
  spec: SandboxSpec,
  identity: Identity,
  controlGroups: ControlGroups | null,
): Promise<Limits> {
  const memoryBytes = spec.memoryMb * mebibyte;
  const { processes } = spec;
  if (controlGroups) {
    const groups = await controlGroups.make(spec.conversationId, { memoryBytes, processes });
    return {
      groups,
      command: [],
      held: { memory_mb: spec.memoryMb, processes, missing: missingProcessors(spec) },
    };
  }
  const ofCommand = identity.privileged ? [] : [`--nproc=${processes}`];
  return {
    groups: [],
    command: ["prlimit", `--data=${memoryBytes}`, ...ofCommand, "--"],
    held: { memory_mb: null, processes: null, missing: withoutGroups },
  };
}

function missingProcessors({ cpus }: SandboxSpec): string | null {
  return cpus === null ? null : "The bubblewrap runtime does not limit processors.";
}
