/**
 * Ends a start of bwrap that nobody waits for any more. While it makes namespaces, bwrap is two processes, and the one
 * inside waits for a word of the other. Where that dies first, because its server was killed or its descriptor for the
 * pid has no reader, the word never comes, and nothing else would end the process inside. So a shell beside them reads a
 * pipe of the server's until the sandbox is ready; where the pipe ends without a line, it kills bwrap's process group.
 */
import type { ChildProcess } from "node:child_process";
import { Duplex } from "node:stream";

/** The descriptor from which the guard reads; `argv` doesn't get it. */
export const guardFd = 4;

const script = `( exec <&${guardFd} 3>&- ${guardFd}<&- >/dev/null 2>&1; read -r _ || kill -s KILL -- "-$$" ) & exec ${guardFd}<&-; exec "$@"`;

/** The argv that starts the guard and becomes `argv`. It has to be the leader of a process group of its own. */
export function withStartGuard(): readonly string[] {
  return ["sh", "-c", script, "sh"];
}

/** The server's hand on the guard. */
export interface StartGuard {
  /** The sandbox is ready: from here on it ends with its server by itself. */
  release(): void;
  /** Nobody waits for the sandbox any more: what there is of it ends. */
  endStart(): void;
}

/** @param child that was started under {@link withStartGuard}, with a pipe at {@link guardFd} */
export function startGuardOf(child: ChildProcess): StartGuard {
  // there are no pipes where no descriptors were left to start it
  const { stdio }: { readonly stdio?: ChildProcess["stdio"] } = child;
  const pipe = stdio?.[guardFd];
  if (!(pipe instanceof Duplex)) return { release: () => {}, endStart: () => {} };
  pipe.on("error", () => pipe.destroy());
  return {
    release: () => void pipe.end("ready\n", () => pipe.destroy()),
    endStart: () => void pipe.destroy(),
  };
}
