/** Runs a command of this machine as the far end of a sandbox's process: over pipes, or on a terminal of node-pty's. */
import { spawn } from "node:child_process";
import { PassThrough, Writable } from "node:stream";
import { type GuestExec, type GuestStreams, SandboxGone } from "../guest/guest-exec.ts";
import type { ExitStatus } from "../sandbox.ts";
import { disguise, undisguise } from "./guest-environment.ts";

type Environment = Readonly<Record<string, string>>;

/**
 * @param enter argv under which every command is put
 * @param base environment of every process
 * @param isGone whether the sandbox has ended
 */
export function hostExec(enter: readonly string[], base: Environment, isGone: () => boolean): GuestExec {
  return async (argv, { tty, env = {} }) => {
    if (isGone()) throw new SandboxGone("The sandbox is gone.");
    const variables = tty ? { TERM: "xterm-256color", ...env } : env;
    const command = [...enter, ...undisguise(variables), ...argv];
    const environment = { ...base, ...disguise(variables) };
    return tty ? onTerminal(command, environment, tty) : overPipes(command, environment);
  };
}

async function overPipes(
  [program = "", ...words]: readonly string[],
  env: Environment,
): Promise<GuestStreams> {
  // a session of its own, so that a signal to the server's group is none to the agent's processes
  const child = spawn(program, words, { cwd: "/", env, stdio: "pipe", detached: true });
  const ended = new Promise<ExitStatus>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: null, signal: null }));
  });
  // writing to a process that is gone loses what is written
  child.stdin.on("error", () => child.stdin.destroy());
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    resize: async () => {},
    outcome: () => ended,
    close: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

async function onTerminal(
  [program = "", ...words]: readonly string[],
  env: Environment,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): Promise<GuestStreams> {
  const { spawn: spawnTerminal } = await import("@lydell/node-pty");
  const terminal = spawnTerminal(program, words, {
    cols: columns,
    rows,
    cwd: "/",
    env: { ...env },
    name: "xterm-256color",
    encoding: null,
  });
  const ended = Promise.withResolvers<ExitStatus>();
  const stdout = new PassThrough();
  // without an encoding the library takes and gives bytes, whatever its types say
  const bytes: { write(chunk: string | Buffer): void } = terminal;
  terminal.onData((chunk: string | Uint8Array) => {
    if (stdout.write(chunk)) return;
    terminal.pause();
    stdout.once("drain", () => terminal.resume());
  });
  let over = false;
  terminal.onExit(({ exitCode, signal }) => {
    over = true;
    stdout.end();
    ended.resolve(signal ? { code: null, signal: String(signal) } : { code: exitCode, signal: null });
  });
  return {
    stdin: new Writable({
      write(chunk: Buffer, _encoding, done) {
        if (!over) bytes.write(chunk);
        done();
      },
    }),
    stdout,
    stderr: null,
    resize: async (newColumns, newRows) => {
      if (!over) terminal.resize(newColumns, newRows);
    },
    outcome: () => ended.promise,
    close: () => terminal.kill("SIGHUP"),
  };
}
