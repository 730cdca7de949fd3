/** What an engine can hold a sandbox to, and what it can't, as it says itself. */
import * as z from "zod";
import type { HeldLimits, SandboxSpec } from "../sandbox.ts";

/** Of an engine's `info`; an engine that says nothing of one of them is taken to hold it. */
export const EngineLimits = z.object({
  MemoryLimit: z.boolean().optional(),
  SwapLimit: z.boolean().optional(),
  PidsLimit: z.boolean().optional(),
  CpuCfsQuota: z.boolean().optional(),
  SecurityOptions: z.array(z.string()).nullish(),
});
export type EngineLimits = z.infer<typeof EngineLimits>;

const everywhere = [
  "The disk that a sandbox takes is not limited.",
  "A sandbox whose network is on reaches what this machine reaches, the local network and the address 169.254.169.254 included, where machines of a cloud get their credentials.",
];

const lacking: readonly (readonly [keyof EngineLimits, string])[] = [
  ["MemoryLimit", "memory"],
  ["SwapLimit", "swap"],
  ["PidsLimit", "the number of processes"],
  ["CpuCfsQuota", "processors"],
];

/** A sentence for each thing that this engine's sandboxes can't be held to. */
export function engineNotes(info: EngineLimits): readonly string[] {
  const missing = lacking.flatMap(([field, what]) => (info[field] === false ? [what] : []));
  const limits =
    missing.length === 0
      ? []
      : [
          `The engine's kernel does not limit ${missing.join(", ")}: enable these control groups, and restart the engine.`,
        ];
  const filtered = info.SecurityOptions?.some((option) => option.includes("seccomp")) ?? true;
  const seccomp = filtered ? [] : ["The engine filters no system calls (seccomp is off): enable it."];
  return [...limits, ...seccomp, ...everywhere];
}

export function heldLimits(spec: SandboxSpec, info: EngineLimits): HeldLimits {
  const memory = info.MemoryLimit !== false;
  const processes = info.PidsLimit !== false;
  const cpus = spec.cpus === null || info.CpuCfsQuota !== false;
  return {
    memory_mb: memory ? spec.memoryMb : null,
    processes: processes ? spec.processes : null,
    missing: memory && processes && cpus ? null : (engineNotes(info)[0] ?? null),
  };
}
