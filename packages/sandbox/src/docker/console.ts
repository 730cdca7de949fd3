/**
 * The console of a container: what PID 1 prints, and its stdin, through one attached stream. The end of that stream is
 * how we learn that the container ended; no polling, no stream of events beside it.
 */
import type { Container } from "dockerode";
import type { Duplex } from "node:stream";
import { FrameSplitter } from "./frame-splitter.ts";
import { LogTail } from "../log-tail.ts";

/** The line with which PID 1 says that it runs; see `init-script.ts`. */
export const readyLine = "sandbox ready";

/** What is written within this is printed at once, milliseconds: each write wakes the engine, which the agent would feel. */
const gatheredFor = 100;

export class Console {
  /** Resolves at the first output of PID 1 (true) or when the stream ended without any (false). */
  readonly ready: Promise<boolean>;
  readonly closed: Promise<void>;
  readonly tail = new LogTail();
  readonly #socket: Duplex;
  /** to be printed */
  #lines: string[] = [];

  private constructor(socket: Duplex) {
    this.#socket = socket;
    const ready = Promise.withResolvers<boolean>();
    const closed = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.closed = closed.promise;
    const splitter = new FrameSplitter();
    for (const output of [splitter.stdout, splitter.stderr]) {
      output.setEncoding("utf8").on("data", (text: string) => {
        this.tail.add(text);
        if (text.includes(readyLine)) ready.resolve(true);
      });
    }
    const end = (): void => {
      ready.resolve(false);
      closed.resolve();
    };
    splitter.once("finish", end).once("close", end);
    socket.once("error", () => splitter.end()).once("close", () => splitter.end());
    socket.pipe(splitter);
  }

  /** Attach before the container is started, and nothing it prints is missed. */
  static async attach(container: Container): Promise<Console> {
    const socket = await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      stderr: true,
      hijack: true,
    });
    return new Console(socket as Duplex);
  }

  /** Has PID 1 print a line soon, so that it stands in the engine's log of the container. Lost when that is gone. */
  write(line: string): void {
    if (this.#lines.length === 0) setTimeout(() => this.#print(), gatheredFor).unref();
    this.#lines.push(line);
  }

  close(): void {
    this.#socket.destroy();
  }

  #print(): void {
    const lines = this.#lines;
    this.#lines = [];
    if (this.#socket.writable) this.#socket.write(`${lines.join("\n")}\n`);
  }
}
