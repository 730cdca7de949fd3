/**
 * A process in a container, started through the engine. The stream is the raw connection; without a terminal it carries
 * frames of stdout and stderr. Closing our half of it ends the process's stdin.
 */
import type { Container, Exec } from "dockerode";
import { type Duplex, type Readable, Writable } from "node:stream";
import { setTimeout as after } from "node:timers/promises";
import { type GuestExec, type GuestStreams, SandboxGone } from "../guest/guest-exec.ts";
import type { ExitStatus } from "../sandbox.ts";
import { engineFailure, reasonOf, statusOf } from "./engine.ts";
import { FrameSplitter } from "./frame-splitter.ts";

/** @param user "uid:gid" as which everything runs */
export function containerExec(container: Container, user: string): GuestExec {
  return async (argv, { tty, env }) => {
    const exec = await orGone(
      container.exec({
        Cmd: [...argv],
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Tty: tty !== undefined,
        Env: Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`),
        User: user,
      }),
    );
    const socket = await orGone(exec.start({ hijack: true, stdin: true, Tty: tty !== undefined }));
    return guestStreams(exec, socket, tty !== undefined);
  };
}

/**
 * @throws SandboxGone where the engine says that the container is not there or doesn't run
 * @throws SandboxError where it refuses for another reason or is gone itself
 */
async function orGone<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (cause) {
    const status = statusOf(cause);
    if (status !== 404 && status !== 409) throw engineFailure(cause);
    throw new SandboxGone(`The sandbox can't be used any more: ${reasonOf(cause)}.`, { cause });
  }
}

function guestStreams(exec: Exec, socket: Duplex, tty: boolean): GuestStreams {
  const { stdout, stderr } = outputs(socket, tty);
  return {
    stdin: inputOf(socket),
    stdout,
    stderr,
    resize: async (columns, rows) => {
      try {
        await exec.resize({ w: columns, h: rows });
      } catch (error) {
        // a process that has ended meanwhile has no size
        if (statusOf(error) === null) throw error;
      }
    },
    outcome: () => outcomeOf(exec),
    close: () => void socket.destroy(),
  };
}

function outputs(socket: Duplex, tty: boolean): { stdout: Readable; stderr: Readable | null } {
  if (tty) return { stdout: socket, stderr: null };
  const splitter = new FrameSplitter();
  // a connection that breaks off is the end of the output; what became of the process is asked separately
  socket.once("error", () => splitter.end()).once("close", () => splitter.end());
  socket.pipe(splitter);
  return splitter;
}

/** Writing to a process that is gone loses what is written, as with a pipe whose reader is gone, but is no error. */
function inputOf(socket: Duplex): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (socket.writable) socket.write(chunk, () => done());
      else done();
    },
    final(done) {
      if (socket.writable) socket.end(() => done());
      else done();
    },
  });
}

/** The engine learns of the end a moment after the streams do; no event tells when (tried: up to two seconds). */
async function outcomeOf(exec: Exec): Promise<ExitStatus> {
  for (let waited = 0; waited < 5000; waited += 100) {
    const state = await exec.inspect().catch(() => null);
    if (!state) break;
    if (!state.Running) return { code: state.ExitCode, signal: null };
    await after(100);
  }
  return { code: null, signal: null };
}
