/** One command in the shell, from the typed line until its end marker or the shell's own end. */
import type { ExitStatus } from "../sandbox.ts";
import { type CommandEnd, MarkerScanner } from "./marker-scanner.ts";
import { OutputCapture } from "./output-capture.ts";

export type CommandOutcome =
  | { readonly kind: "ended"; readonly end: CommandEnd }
  | { readonly kind: "lost"; readonly exit: ExitStatus };

export interface CommandStart {
  readonly text: string;
  readonly nonce: string;
  /** seconds since the sandbox's boot */
  readonly uptime: number;
  /** how often the kernel had ended a process of the sandbox for its memory by then */
  readonly memoryKills: number;
}

export class RunningCommand {
  readonly text: string;
  readonly uptime: number;
  readonly memoryKills: number;
  readonly output = new OutputCapture();
  readonly outcome: Promise<CommandOutcome>;
  /** Called at each piece of output. */
  onOutput: () => void = () => {};
  readonly #scanner: MarkerScanner;
  readonly #settle: (outcome: CommandOutcome) => void;
  #settled: CommandOutcome | null = null;

  constructor(start: CommandStart) {
    this.text = start.text;
    this.uptime = start.uptime;
    this.memoryKills = start.memoryKills;
    this.#scanner = new MarkerScanner(start.nonce);
    const { promise, resolve } = Promise.withResolvers<CommandOutcome>();
    this.outcome = promise;
    this.#settle = resolve;
  }

  /** Whether the shell has taken it up. */
  get begun(): boolean {
    return this.#scanner.started;
  }

  get settled(): CommandOutcome | null {
    return this.#settled;
  }

  receive(chunk: Buffer): void {
    if (this.#settled) return;
    const { output, end } = this.#scanner.push(chunk);
    if (output.length > 0) {
      this.output.push(output);
      this.onOutput();
    }
    if (end) this.#finish({ kind: "ended", end });
  }

  shellEnded(exit: ExitStatus): void {
    if (!this.#settled) this.#finish({ kind: "lost", exit });
  }

  #finish(outcome: CommandOutcome): void {
    this.#settled = outcome;
    this.#settle(outcome);
  }
}
