/**
 * Which TCP ports the processes of a sandbox listen on. Asked of /proc alone, and of the sockets that its processes hold:
 * where the network is the machine's own, or an engine keeps a resolver in it, others listen there as well.
 */
import type { RuntimeKind } from "@openhands/protocol";

/** Prints the tables of sockets, what each process holds open, and in which folder it is. */
export const portsScript = `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
ls -l /proc/[0-9]*/fd 2>/dev/null | grep -e '^/proc/' -e ' socket:'
ls -ld /proc/[0-9]*/cwd 2>/dev/null
echo "workspace $PWD"`;

/** @returns in rising order */
export function listeningPorts(output: string, runtime: RuntimeKind): number[] {
  const processes = runtime === "local" ? processesIn(output) : null;
  const held = heldSockets(output, processes);
  const ports = new Set<number>();
  for (const line of output.split("\n")) {
    // sl, local address:port, remote, state (0A: listens), queues, timer, retransmissions, uid, timeout, inode
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    const port = Number.parseInt(local?.split(":")[1] ?? "", 16);
    if (state === "0A" && port > 0 && held.has(inode ?? "")) ports.add(port);
  }
  return [...ports].toSorted((a, b) => a - b);
}

/** Inodes of the sockets that processes hold. @param processes null: all that are seen */
function heldSockets(output: string, processes: ReadonlySet<string> | null): ReadonlySet<string> {
  const held = new Set<string>();
  let process = "";
  for (const line of output.split("\n")) {
    process = /^\/proc\/(\d+)\/fd:/.exec(line)?.[1] ?? process;
    const inode = / -> socket:\[(\d+)\]$/.exec(line)?.[1];
    if (inode !== undefined && (processes === null || processes.has(process))) held.add(inode);
  }
  return held;
}

/** Without isolation all processes of the machine are seen: those count that are in the workspace. */
function processesIn(output: string): ReadonlySet<string> {
  const workspace = /^workspace (.*)$/m.exec(output)?.[1] ?? "/nonexistent";
  const places = output.matchAll(/ \/proc\/(\d+)\/cwd -> (.*)$/gm);
  return new Set(
    [...places].flatMap(([, pid = "", place = ""]) => (`${place}/`.startsWith(`${workspace}/`) ? [pid] : [])),
  );
}
