/** One command in the shell, from the typed line until its end marker or the shell's own end. */
import type { ExitStatus } from "../sandbox.ts";
import { type CommandEnd, MarkerScanner, type SandboxFacts } from "./marker-scanner.ts";
import { OutputCapture } from "./output-capture.ts";
import type { PromptingShell } from "./prompting-shell.ts";

export type CommandOutcome =
  | { readonly kind: "ended"; readonly end: CommandEnd }
  /** the shell waits for another one: nothing of this one was run */
  | { readonly kind: "declined" }
  | { readonly kind: "lost"; readonly exit: ExitStatus }
  /** the shell's process has become another shell, which tells us nothing */
  | { readonly kind: "replaced"; readonly by: PromptingShell };

export interface CommandStart {
  readonly text: string;
  /** the line that has the shell take it up, as the terminal echoes it */
  readonly typed: string;
  /** what was printed since the command before it ended, by what that one and earlier ones left running */
  readonly background: OutputCapture;
  readonly nonce: string;
  /** where the shell writes down what is to outlive it */
  readonly folder: string;
  /** null: the shell tells them when it begins */
  readonly facts: SandboxFacts | null;
}

/** Bytes kept of what comes before a command has begun: the echo of its line, and seldom anything else. */
const longestStart = 64 << 10;

const applicationKeys = { on: "\x1b[?1h", off: "\x1b[?1l" } as const;

export class RunningCommand {
  readonly text: string;
  readonly background: OutputCapture;
  readonly nonce: string;
  readonly folder: string;
  readonly output = new OutputCapture();
  readonly outcome: Promise<CommandOutcome>;
  /** The shell has taken it up. */
  readonly begun: Promise<void>;
  wasTyped = false;
  /** Called when it begins, and at each piece of output. */
  onOutput: () => void = () => {};
  readonly #scanner: MarkerScanner;
  readonly #settle: (outcome: CommandOutcome) => void;
  readonly #begin: () => void;
  readonly #typed: string;
  readonly #facts: SandboxFacts | null;
  readonly #typedAt = performance.now();
  #endedAt = Infinity;
  #start: Buffer = Buffer.alloc(0);
  #wantsApplicationKeys = false;
  #settled: CommandOutcome | null = null;

  constructor(start: CommandStart) {
    this.text = start.text;
    this.#typed = start.typed;
    this.background = start.background;
    this.nonce = start.nonce;
    this.folder = start.folder;
    this.#facts = start.facts;
    this.#scanner = new MarkerScanner(start.nonce);
    const { promise, resolve } = Promise.withResolvers<CommandOutcome>();
    this.outcome = promise;
    this.#settle = resolve;
    const begun = Promise.withResolvers<void>();
    this.begun = begun.promise;
    this.#begin = begun.resolve;
  }

  get hasBegun(): boolean {
    return this.#scanner.started !== null;
  }

  /** It came to the shell as a file, not in the typed line. */
  get wasLaid(): boolean {
    return this.#facts !== null;
  }

  /** null until it begins, where nobody asked before */
  get facts(): SandboxFacts | null {
    return this.#facts ?? this.#scanner.started;
  }

  get settled(): CommandOutcome | null {
    return this.#settled;
  }

  /** milliseconds from the typed line to its end, or until now */
  get duration(): number {
    return Math.min(performance.now(), this.#endedAt) - this.#typedAt;
  }

  /** @returns what of `chunk` was printed after its end */
  receive(chunk: Buffer): Buffer {
    if (this.#settled) return chunk;
    const wasWaiting = !this.hasBegun;
    const { before, output, end, after } = this.#scanner.push(chunk);
    if (wasWaiting && this.#start.length < longestStart) this.#start = Buffer.concat([this.#start, before]);
    const begins = wasWaiting && this.hasBegun;
    if (begins || (wasWaiting && end)) this.#tellBackground();
    if (begins) this.#begin();
    if (output.length > 0) this.#print(output);
    if (begins || output.length > 0) this.onOutput();
    if (end) this.#finish(this.hasBegun ? { kind: "ended", end } : { kind: "declined" });
    return after;
  }

  shellEnded(exit: ExitStatus): void {
    if (!this.#settled) this.#finish({ kind: "lost", exit });
  }

  shellReplaced(by: PromptingShell): void {
    if (!this.#settled) this.#finish({ kind: "replaced", by });
  }

  /** Whether it has asked for the other kind of cursor keys, as what draws on the whole screen does. */
  get wantsApplicationKeys(): boolean {
    return this.#wantsApplicationKeys;
  }

  #print(output: Buffer): void {
    this.output.push(output);
    const on = output.lastIndexOf(applicationKeys.on);
    const off = output.lastIndexOf(applicationKeys.off);
    if (on !== off) this.#wantsApplicationKeys = on > off;
  }

  /** What came before the echo of the line is of others; what follows it, of `set -x` and the like. */
  #tellBackground(): void {
    const echo = this.#start.indexOf(this.#typed);
    if (echo > 0) this.background.push(this.#start.subarray(0, echo));
    this.#start = Buffer.alloc(0);
  }

  #finish(outcome: CommandOutcome): void {
    this.#settled = outcome;
    this.#endedAt = performance.now();
    this.#settle(outcome);
  }
}
