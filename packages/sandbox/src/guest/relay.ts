/**
 * A TCP connection to a port inside a sandbox, through the stdin and stdout of a small relay that is run there: the
 * first of python3, node, nc and bash that the sandbox has. So no port is published and no address need be reachable.
 */
import { Duplex } from "node:stream";
import { firstLine } from "../first-line.ts";
import { type Sandbox, SandboxError, type SandboxProcess } from "../sandbox.ts";

/** Copies both ways and closes each direction by itself. */
const python = `
import os, socket, sys, threading
def dial(port):
    try:
        return socket.create_connection(("127.0.0.1", port))
    except OSError:
        return socket.create_connection(("::1", port))
link = dial(int(sys.argv[1]))
def upward():
    while True:
        data = os.read(0, 65536)
        if not data:
            break
        link.sendall(data)
    link.shutdown(socket.SHUT_WR)
threading.Thread(target=upward, daemon=True).start()
while True:
    data = link.recv(65536)
    if not data:
        break
    while data:
        data = data[os.write(1, data):]
`;

const node = `
const net = require("node:net");
const dial = (host, next) => {
  const link = net.connect({ host, port: Number(process.argv[1]), allowHalfOpen: true });
  link.once("error", next);
  link.once("connect", () => {
    link.off("error", next).on("error", () => process.exit(1));
    process.stdin.pipe(link).pipe(process.stdout);
    link.once("end", () => process.stdout.end(() => process.exit(0)));
  });
};
dial("127.0.0.1", () => dial("::1", () => process.exit(1)));
`;

/** First says in a line whether anything listens and which relay follows, then becomes it. */
const script = String.raw`
wanted=$1 found=
listening() {
  while read -r _ local _ state _; do
    case $state:$local in 0A:*:"$wanted") return 0 ;; esac
  done
  return 1
}
for table in /proc/net/tcp /proc/net/tcp6; do
  [ -r "$table" ] && listening <"$table" && found=yes
done
[ "$found" ] || { echo closed; exit; }
if command -v python3 >/dev/null 2>&1; then echo open; exec python3 -c "$3" "$2"; fi
if command -v node >/dev/null 2>&1; then echo open; exec node -e "$4" "$2"; fi
if command -v nc >/dev/null 2>&1; then echo open; exec nc 127.0.0.1 "$2"; fi
if command -v bash >/dev/null 2>&1; then
  echo open
  exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/$1; cat <&3 & cat >&3; wait' bash "$2"
fi
echo none
`;

/**
 * @param port on the sandbox's own loopback
 * @throws SandboxError when nothing listens there or no relay program is there
 */
export async function connectThroughRelay(sandbox: Pick<Sandbox, "spawn">, port: number): Promise<Duplex> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const relay = await sandbox.spawn(["sh", "-c", script, "sh", hex, String(port), python, node], {
    cwd: "/",
  });
  const answer = await firstLine(relay.stdout);
  if (answer !== "open") await relay.kill("SIGKILL");
  if (answer === "closed") throw new SandboxError(`Nothing listens on port ${port} in the sandbox.`);
  if (answer === "none") {
    throw new SandboxError(
      "Ports of this sandbox can't be reached: its image has none of python3, node, nc and bash.",
    );
  }
  if (answer !== "open") throw new SandboxError(`The relay to port ${port} ended: ${answer || "no answer"}`);
  relay.stderr.resume();
  const link = new ProcessLink(relay);
  link.once("close", () => void endRelay(relay));
  return link;
}

/** Of no use any more, and perhaps gone already: nobody waits for this, so nothing may come of it. */
async function endRelay(relay: SandboxProcess): Promise<void> {
  await relay.kill("SIGKILL").catch(() => undefined);
}

/** The two pipes of a process as one stream. */
class ProcessLink extends Duplex {
  readonly #process: SandboxProcess;

  constructor(process: SandboxProcess) {
    super();
    this.#process = process;
    process.stdout
      .on("data", (chunk: Buffer) => this.push(chunk) || process.stdout.pause())
      .once("end", () => this.push(null))
      .once("error", (error) => this.destroy(error));
    process.stdin.once("error", (error) => this.destroy(error));
  }

  override _read(): void {
    this.#process.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#process.stdin.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#process.stdin.end(() => done());
  }
}
