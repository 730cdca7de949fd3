import { PassThrough, Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { IPtyForkOptions } from "@lydell/node-pty";
import { type ExitStatus, SandboxError, type SandboxProcess } from "../sandbox.ts";
import { killGroup } from "./kill-group.ts";
import type { SpawnRequest } from "./spawn-with-pipes.ts";

/** A process on a pseudo terminal, leading a session of its own. @throws SandboxError when it can't be run */
export async function spawnWithTerminal(
  request: SpawnRequest,
  size: { readonly columns: number; readonly rows: number },
): Promise<SandboxProcess> {
  const { spawn } = await import("@lydell/node-pty");
  const [program = "", ...args] = request.argv;
  const options: IPtyForkOptions = {
    cols: size.columns,
    rows: size.rows,
    cwd: request.cwd,
    env: { ...request.env },
    name: request.env["TERM"] ?? "xterm",
    encoding: null,
  };
  const terminal = startTerminal(() => spawn(program, args, options), program);
  const stdout = new Readable({ read: () => terminal.resume() });
  terminal.onData((data) => {
    if (!stdout.push(data)) terminal.pause();
  });
  let ended = false;
  const exit = new Promise<ExitStatus>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => {
      ended = true;
      stdout.push(null);
      resolve(signal ? { code: null, signal: `signal ${signal}` } : { code: exitCode, signal: null });
    });
  });
  const decoder = new StringDecoder("utf8");
  const stdin = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!ended) terminal.write(decoder.write(chunk));
      done();
    },
  });
  return {
    stdin,
    stdout,
    stderr: new PassThrough().end(),
    exit,
    resize: async (columns, rows) => {
      if (!ended) terminal.resize(columns, rows);
    },
    kill: async (signal) => {
      if (!ended) await killGroup(terminal.pid, signal);
    },
  };
}

function startTerminal<T>(start: () => T, program: string): T {
  try {
    return start();
  } catch (cause) {
    throw new SandboxError(`Cannot run ${program} on a terminal: ${String(cause)}`, { cause });
  }
}
