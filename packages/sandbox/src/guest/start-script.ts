/**
 * How a process is started inside a sandbox that is reached only through someone else's `exec` (an engine's API,
 * nsenter). Such an exec can't be signalled as a group, and ends for its caller only when the last child lets go of the
 * pipes. So a small POSIX script stays between: it starts the command in a process group of its own, says which, waits
 * for it alone, and says how it ended.
 *
 * What it says travels in band, as lines behind a mark that no output contains by chance (see `mark-filter.ts`):
 *
 *     first on stdout        <mark>17            the process group; the command runs next
 *                            <mark>!folder       the working directory isn't there; nothing was run
 *                            <mark>!program      argv[0] isn't there or can't be run; nothing was run
 *     last on every stream   <mark>0             the exit code, 128 + n where signal n ended it
 *
 * Tried with dash, bash (/bin/sh in images of Fedora's kind) and busybox:
 * - a background job without job control gets /dev/null as stdin and ignores INT, so the command runs in the foreground
 * - with a terminal `set -m` gives the command its foreground; bash does that only while stderr is the terminal
 * - without one `set -m` fails in dash, and setsid makes the group; where it is missing the group is the script's own
 * - dash says "Killed" on the stderr that it had before a redirection, so the command redirects itself
 */
import type { SpawnOptions } from "../sandbox.ts";

/** What a mark begins with: ASCII's record separator. */
export const recordSeparator = "\u001e";

const script = String.raw`
mark=$1 columns=$2 rows=$3 folder=$4
shift 4
refuse() { printf '\036%s!%s\n' "$mark" "$1"; exit 127; }
cd -- "$folder" 2>/dev/null || refuse folder
unset OLDPWD
command -v -- "$1" >/dev/null 2>&1 || refuse program
exec 3<&0 4>&1 5>&2 </dev/null >/dev/null 2>&1
trap : HUP INT QUIT TERM
run='exec <&3 >&4 2>&5 3<&- 4>&- 5>&-
  group=$2; [ "$group" ] || group=$$
  printf "\036%s%s\n" "$1" "$group"
  unset group
  shift 2
  exec "$@"'
if [ "$columns" ]; then
  stty columns "$columns" rows "$rows" <&3
  [ -z "$BASH_VERSION" ] || exec 2>&5
  set -m
  sh -c "$run" sh "$mark" "" "$@"
elif command -v setsid; then
  setsid sh -c "$run" sh "$mark" "" "$@"
else
  sh -c "$run" sh "$mark" "$$" "$@"
fi
code=$?
printf '\036%s%s\n' "$mark" "$code" >&4
[ "$columns" ] || printf '\036%s%s\n' "$mark" "$code" >&5
`;

export interface StartScriptOptions {
  /** hex digits that no output contains by chance */
  readonly mark: string;
  readonly tty: SpawnOptions["tty"];
  /** working directory inside the sandbox */
  readonly folder: string;
}

/** The argv that runs `argv` under the script. */
export function underStartScript(argv: readonly string[], options: StartScriptOptions): readonly string[] {
  const size = options.tty ? [String(options.tty.columns), String(options.tty.rows)] : ["", ""];
  return ["sh", "-c", script, "sh", options.mark, ...size, options.folder, ...argv];
}
