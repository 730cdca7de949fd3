/**
 * What whoever started the server has left open in it (a shell's pipe, a supervisor's log) would be open in everything
 * that the server starts too, the agent's commands under bubblewrap included. Node marks its own files to be closed
 * there, and of the inherited ones those with low numbers; what has no such mark was inherited.
 */
import { closeSync, readdirSync, readFileSync } from "node:fs";

const closeOnExec = 0o2000000;
const lastStandardStream = 2;

/** To be called before anything is started. Does nothing where there is no /proc. */
export function closeInheritedFiles(): void {
  if (process.platform !== "linux") return;
  const descriptors = readdirSync("/proc/self/fd").map(Number);
  for (const descriptor of descriptors) {
    if (descriptor > lastStandardStream && isInherited(descriptor)) closeSync(descriptor);
  }
}

function isInherited(descriptor: number): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(infoOf(descriptor))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
}

/** Empty for one that is gone: the folder's own was among those listed. */
function infoOf(descriptor: number): string {
  try {
    return readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8");
  } catch {
    return "";
  }
}
