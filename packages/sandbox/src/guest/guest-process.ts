/**
 * Makes a {@link SandboxProcess} of bare streams whose far end runs the start script. That it ended is known from what
 * the script says on each stream, so everything the process wrote itself can be read by then, whatever its children
 * still hold open. Where the script was killed too it is known from the end of the streams and from `outcome`.
 */
import { randomBytes } from "node:crypto";
import { constants } from "node:os";
import { Readable, type Writable } from "node:stream";
import { setImmediate as immediate, setTimeout as delay } from "node:timers/promises";
import { type ExitStatus, SandboxError, type SandboxProcess, type SpawnOptions } from "../sandbox.ts";
import { MarkFilter } from "./mark-filter.ts";
import { GroupSignaller } from "./group-signaller.ts";
import { type GuestExec, type GuestStreams, SandboxGone } from "./guest-exec.ts";
import { underStartScript } from "./start-script.ts";

type Signal = Parameters<SandboxProcess["kill"]>[0];

/** Far more than a start takes on a machine with a hundred sandboxes; in one without memory it may take for ever. */
const startSeconds = 60;

const roomSeconds = 20;

/** Runs processes in one sandbox. */
export class Guest {
  readonly #exec: GuestExec;
  readonly #signaller: GroupSignaller;

  constructor(exec: GuestExec) {
    this.#exec = exec;
    this.#signaller = new GroupSignaller(exec);
  }

  /** @throws SandboxError when the sandbox is gone, or the working directory or argv[0] isn't there */
  async spawn(argv: readonly string[], options: SpawnOptions = {}): Promise<SandboxProcess> {
    options.signal?.throwIfAborted();
    const mark = randomBytes(16).toString("hex");
    const folder = options.cwd ?? "/workspace";
    const streams = await this.#exec(underStartScript(argv, { mark, tty: options.tty, folder }), options);
    const stdout = readThrough(streams.stdout, new MarkFilter(mark, 2));
    const stderr = streams.stderr ? readThrough(streams.stderr, new MarkFilter(mark, 1)) : null;
    const [started, ...ended] = [...stdout.said, ...(stderr?.said ?? [])];
    const late = setTimeout(() => streams.close(), startSeconds * 1000);
    const saying = (await started) ?? null;
    clearTimeout(late);
    const group = Number(saying);
    if (saying === null || !Number.isInteger(group)) {
      streams.close();
      throw new SandboxError(refusal(saying, argv[0] ?? "", folder));
    }
    this.#signaller.warm();
    const code = Promise.all(ended).then((codes) => codes.find((code) => code !== null) ?? null);
    const signal = (name: Signal): Promise<void> => this.#signaller.send(name, group);
    const guest = new GuestProcess({ streams, stdout, stderr, code, signal });
    obey(options.signal, guest);
    return guest;
  }

  /**
   * Ends every process inside, and waits until there is room for new ones.
   * @returns false where that can't be done from inside
   * @throws SandboxGone
   */
  async endAll(): Promise<boolean> {
    try {
      await this.#signaller.endAll();
    } catch (error) {
      if (error instanceof SandboxGone || !(error instanceof SandboxError)) throw error;
      return false;
    }
    // the first process takes a moment to bury a thousand
    const until = performance.now() + roomSeconds * 1000;
    while (performance.now() < until) {
      if (await this.#hasRoom()) return true;
      await delay(100);
    }
    return false;
  }

  async #hasRoom(): Promise<boolean> {
    try {
      await (
        await this.spawn(["true"], { cwd: "/" })
      ).exit;
      return true;
    } catch (error) {
      if (error instanceof SandboxGone || !(error instanceof SandboxError)) throw error;
      return false;
    }
  }
}

/** Like `pipe`, and also ends the filter where the source breaks off. */
function readThrough(source: Readable, filter: MarkFilter): MarkFilter {
  source.once("error", () => filter.end()).once("close", () => filter.end());
  return source.pipe(filter);
}

function refusal(saying: string | null, program: string, folder: string): string {
  if (saying === "!folder") return `There is no folder ${folder} in the sandbox.`;
  if (saying === "!program") return `There is no program ${program} in the sandbox, or it can't be run.`;
  return `${program} could not be started: the sandbox ended, has no shell, or may have no more processes.`;
}

function obey(signal: AbortSignal | undefined, guest: SandboxProcess): void {
  if (!signal) return;
  // nobody waits for this; who has to know that it was of no use calls kill
  const abort = (): void => void guest.kill("SIGKILL").catch(() => undefined);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  void guest.exit.then(() => signal.removeEventListener("abort", abort));
}

interface Started {
  readonly streams: GuestStreams;
  readonly stdout: Readable;
  readonly stderr: Readable | null;
  readonly signal: (signal: Signal) => Promise<void>;
  /** the exit code that the script told, or null */
  readonly code: Promise<number | string | null>;
}

class GuestProcess implements SandboxProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exit: Promise<ExitStatus>;
  readonly #started: Started;
  readonly #sent = new Set<Signal>();
  #ended = false;

  constructor(started: Started) {
    this.#started = started;
    this.stdin = started.streams.stdin;
    this.stdout = started.stdout;
    this.stderr = started.stderr ?? Readable.from([]);
    this.exit = started.code.then((code) => this.#status(code));
  }

  async resize(columns: number, rows: number): Promise<void> {
    if (!this.#ended) await this.#started.streams.resize(columns, rows);
  }

  async kill(signal: Signal): Promise<void> {
    this.#sent.add(signal);
    try {
      await this.#started.signal(signal);
    } catch (error) {
      // with the sandbox the process is gone
      if (!(error instanceof SandboxGone)) throw error;
    }
  }

  async #status(said: number | string | null): Promise<ExitStatus> {
    this.#ended = true;
    // whoever began to read when the process was handed out has had all of it by then
    await immediate();
    if (said === null) return this.#started.streams.outcome();
    const code = Number(said);
    // a shell tells an end by signal n as 128 + n, and so do programs that end well; only what we sent is surely one
    const signal = [...this.#sent].find((sent) => code === 128 + constants.signals[sent]);
    return signal ? { code: null, signal } : { code, signal: null };
  }
}
