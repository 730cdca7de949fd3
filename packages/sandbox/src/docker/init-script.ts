/**
 * PID 1 of a container: a loop of the image's own shell. It survives `kill -9 -1` inside (an init of the engine's would
 * take the container along), reaps orphans, and prints what is written to its stdin, so that the engine's log of the
 * container shows what we tell it.
 *
 * It runs as uid 0 without capabilities, also where the agent has another uid: then the agent can't signal it, nor write
 * to its output. It traps nothing: signals from inside that an init doesn't trap never reach it, so that an agent which
 * is root can't end its own container with a stray `kill 1`. The stop signal is KILL for that reason.
 *
 * Before the loop it gives the agent's uid a line in /etc/passwd where the image has none.
 */
import { readyLine } from "./console.ts";

const script = String.raw`
user=$1 group=$2 home=$3
known() {
  while IFS=: read -r _ _ number _; do [ "$number" = "$1" ] && return 0; done <"$2"
  return 1
}
if [ "$user" ]; then
  shell=$(command -v bash || command -v sh)
  known "$user" /etc/passwd || echo "openhands:x:$user:$group::$home:$shell" >>/etc/passwd
  known "$group" /etc/group || echo "openhands:x:$group:" >>/etc/group
fi 2>/dev/null
echo "${readyLine}"
while :; do
  cat <&0
  sleep 1
done
`;

/** @param user the agent's, or null for root, which every image knows */
export function initCommand(user: { uid: number; gid: number; home: string } | null): string[] {
  const words = user ? [String(user.uid), String(user.gid), user.home] : ["", "", ""];
  return ["sh", "-c", script, "sandbox-init", ...words];
}
