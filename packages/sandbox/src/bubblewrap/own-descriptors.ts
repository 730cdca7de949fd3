/**
 * What a process of a sandbox inherits from the server: its own three streams and nothing else. Node closes what it
 * opens itself, but node-pty leaves the terminals of all conversations open in whatever is started after them: by such
 * a descriptor one conversation could type into the shell of another.
 */
import { existsSync } from "node:fs";

/** A shell that can close a descriptor of two figures; dash can't, and then nothing is run. */
const shell = (): string => (existsSync("/bin/bash") ? "/bin/bash" : "sh");

const script =
  'for path in /proc/self/fd/*; do fd=${path##*/}; [ "$fd" -le "$1" ] || eval "exec $fd>&-"; done; shift; exec "$@"';

/** The argv under which a command has no descriptor beyond `last`. */
export function withOwnDescriptors(last: number): readonly string[] {
  return [shell(), "-c", script, "sh", String(last)];
}
