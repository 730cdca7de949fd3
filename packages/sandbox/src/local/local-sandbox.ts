/** One conversation's processes on this machine. Removing it ends the process groups that it started. */
import { connect as connectSocket } from "node:net";
import type { Duplex } from "node:stream";
import { type Sandbox, SandboxError, type SandboxProcess, type SandboxSpec } from "../sandbox.ts";
import { spawnWithPipes } from "./spawn-with-pipes.ts";
import { spawnWithTerminal } from "./spawn-with-terminal.ts";

export function createLocalSandbox(
  spec: SandboxSpec,
  environment: Readonly<Record<string, string>>,
  onRemoved: () => void,
): Sandbox {
  const processes = new Set<SandboxProcess>();
  let removed = false;

  async function endProcesses(): Promise<void> {
    await Promise.all([...processes].map((process) => process.kill("SIGKILL")));
  }

  async function remove(): Promise<void> {
    removed = true;
    onRemoved();
    await endProcesses();
  }

  return {
    conversationId: spec.conversationId,
    runtime: "local",
    limits: { memory_mb: null, processes: null, missing: "Without isolation nothing is limited." },
    ended: new Promise(() => {}),
    check: async () => null,

    async spawn(argv, options = {}) {
      if (removed) throw new SandboxError("This conversation's sandbox was removed.");
      options.signal?.throwIfAborted();
      const request = {
        argv,
        cwd: options.cwd ?? spec.workspace,
        env: { ...environment, ...options.env },
      };
      const process = options.tty
        ? await spawnWithTerminal(request, options.tty)
        : await spawnWithPipes(request);
      processes.add(process);
      const onAbort = (): void => void process.kill("SIGKILL");
      options.signal?.addEventListener("abort", onAbort, { once: true });
      void process.exit.then(() => processes.delete(process));
      void process.exit.then(() => options.signal?.removeEventListener("abort", onAbort));
      return process;
    },

    connect: (port) => connectLoopback(port),
    stats: async () => ({ memory_bytes: 0, memory_limit_bytes: null, processes: processes.size }),
    endProcesses,
    suspend: remove,
    remove,
  };
}

function connectLoopback(port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host: "127.0.0.1", port });
    socket.once("connect", () => resolve(socket));
    socket.once("error", (cause) => reject(new SandboxError(`Nothing listens on port ${port}.`, { cause })));
  });
}
