/**
 * Which TCP ports the processes of a sandbox listen on. Asked of /proc alone, and of the sockets that its processes hold:
 * where the network is the machine's own, or an engine keeps a resolver in it, others listen there as well.
 */
import type { RuntimeKind } from "@openhands/protocol";
import type { Helper } from "../helper/helper.ts";

/** Prints the tables of sockets. */
export const socketsScript = "exec cat /proc/net/tcp /proc/net/tcp6 2>/dev/null";

/** Prints in which folder each process is, and what it holds open. */
export const holdersScript = `echo "workspace $PWD"; exec ls -l /proc/[0-9]*/cwd /proc/[0-9]*/fd 2>/dev/null`;

/** A socket that is listened on. */
interface Listener {
  readonly port: number;
  readonly inode: string;
}

const answerSeconds = 10;

/**
 * Who holds the sockets is asked again only where others are listened on than the last time: it costs far more.
 * @throws SandboxError
 */
export function createPortsReader(
  helper: Pick<Helper, "pipe">,
  runtime: RuntimeKind,
): () => Promise<readonly number[]> {
  const ask = (script: string): Promise<string> => helper.pipe(script, "", { answerSeconds });
  let known = { inodes: "", ports: [] as readonly number[] };
  return async () => {
    const listeners = listenersIn(await ask(socketsScript));
    const inodes = listeners.map(({ inode }) => inode).join();
    // without isolation it may be the same ones, of a process that has come into the workspace
    const isKnown = inodes === known.inodes && (runtime !== "local" || inodes === "");
    if (!isKnown) known = { inodes, ports: portsHeld(listeners, await ask(holdersScript), runtime) };
    return known.ports;
  };
}

/** @param tables as {@link socketsScript} prints them */
export function listenersIn(tables: string): Listener[] {
  return tables.split("\n").flatMap((line) => {
    // sl, local address:port, remote, state (0A: listens), queues, timer, retransmissions, uid, timeout, inode
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    const port = Number.parseInt(local?.split(":")[1] ?? "", 16);
    return state === "0A" && port > 0 && inode !== undefined ? [{ port, inode }] : [];
  });
}

/** @param holders as {@link holdersScript} prints them. @returns in rising order */
export function portsHeld(listeners: readonly Listener[], holders: string, runtime: RuntimeKind): number[] {
  const held = heldSockets(holders, runtime === "local" ? processesIn(holders) : null);
  const ports = listeners.filter(({ inode }) => held.has(inode)).map(({ port }) => port);
  return [...new Set(ports)].toSorted((a, b) => a - b);
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
