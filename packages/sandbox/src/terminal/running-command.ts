/** One command in the shell, from the typed line until its end marker or the shell's own end. */
import type { ExitStatus } from "../sandbox.ts";
import { type CommandEnd, MarkerScanner } from "./marker-scanner.ts";
import { OutputCapture } from "./output-capture.ts";
import type { PromptingShell } from "./prompting-shell.ts";

export type CommandOutcome =
  | { readonly kind: "ended"; readonly end: CommandEnd }
  | { readonly kind: "lost"; readonly exit: ExitStatus }
  /** the shell's process has become another shell, which tells us nothing */
  | { readonly kind: "replaced"; readonly by: PromptingShell };

export interface CommandStart {
  readonly text: string;
  readonly nonce: string;
  /** where it lies in the sandbox until the shell takes it up */
  readonly path: string;
  /** seconds since the sandbox's boot */
  readonly uptime: number;
  /** how often the kernel had ended a process of the sandbox for its memory by then */
  readonly memoryKills: number;
}

export class RunningCommand {
  readonly text: string;
  readonly path: string;
  readonly uptime: number;
  readonly memoryKills: number;
  readonly output = new OutputCapture();
  readonly outcome: Promise<CommandOutcome>;
  /** The shell has taken it up. */
  readonly begun: Promise<void>;
  /** Called when it begins, and at each piece of output. */
  onOutput: () => void = () => {};
  readonly #scanner: MarkerScanner;
  readonly #settle: (outcome: CommandOutcome) => void;
  readonly #begin: () => void;
  #settled: CommandOutcome | null = null;

  constructor(start: CommandStart) {
    this.text = start.text;
    this.path = start.path;
    this.uptime = start.uptime;
    this.memoryKills = start.memoryKills;
    this.#scanner = new MarkerScanner(start.nonce);
    const { promise, resolve } = Promise.withResolvers<CommandOutcome>();
    this.outcome = promise;
    this.#settle = resolve;
    const begun = Promise.withResolvers<void>();
    this.begun = begun.promise;
    this.#begin = begun.resolve;
  }

  get hasBegun(): boolean {
    return this.#scanner.started;
  }

  get settled(): CommandOutcome | null {
    return this.#settled;
  }

  receive(chunk: Buffer): void {
    if (this.#settled) return;
    const wasWaiting = !this.hasBegun;
    const { output, end } = this.#scanner.push(chunk);
    const begins = wasWaiting && this.hasBegun;
    if (begins) this.#begin();
    if (output.length > 0) this.output.push(output);
    if (begins || output.length > 0) this.onOutput();
    if (end) this.#finish({ kind: "ended", end });
  }

  shellEnded(exit: ExitStatus): void {
    if (!this.#settled) this.#finish({ kind: "lost", exit });
  }

  shellReplaced(by: PromptingShell): void {
    if (!this.#settled) this.#finish({ kind: "replaced", by });
  }

  #finish(outcome: CommandOutcome): void {
    this.#settled = outcome;
    this.#settle(outcome);
  }
}
