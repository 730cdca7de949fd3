/** What the agent's tools are given: the small face of a sandbox. */
import type {
  FileEditorAction,
  FileEditorObservation,
  GlobAction,
  GlobObservation,
  GrepAction,
  GrepObservation,
  TerminalAction,
  TerminalObservation,
} from "@openhands/protocol";
import type { FileMemory } from "./files/file-memory.ts";
import type { SandboxEnd } from "./sandbox.ts";
import type { Redact } from "./terminal/clip-redacted.ts";

export interface Terminal {
  /**
   * Runs, polls or feeds a command with the semantics of OpenHands' terminal tool. What goes wrong inside is an
   * observation with `is_error`; an abort ends the command's process group (INT, TERM, KILL within 5 s) and rejects
   * with the signal's reason, leaving a usable shell.
   * @throws SandboxError when the sandbox itself is gone
   */
  run(action: TerminalAction, options: TerminalRunOptions): Promise<TerminalObservation>;
  close(): Promise<void>;
}

export interface TerminalRunOptions {
  readonly signal: AbortSignal;
  /**
   * Is given what the command prints, as text, while it arrives: all that the observation speaks of, up to 64 MB, else
   * head and tail. A line that is written over (a progress bar) is given in each of its states. Must not throw.
   */
  readonly onOutput?: (text: string) => void;
}

export interface FileEditor {
  /** Same rules as {@link Terminal.run}. The caller pushes the observation into `memory` once it is in the log. */
  run(action: FileEditorAction, options: FileEditorRunOptions): Promise<FileEditorObservation>;
}

export interface FileEditorRunOptions {
  readonly signal: AbortSignal;
  /** what the conversation's earlier observations tell of its files */
  readonly memory: FileMemory;
}

export interface Search {
  /** Lines that match a regular expression. Same rules as {@link Terminal.run}. */
  grep(action: GrepAction, options: { readonly signal: AbortSignal }): Promise<GrepObservation>;
  /** Files whose path matches a glob. Same rules as {@link Terminal.run}. */
  glob(action: GlobAction, options: { readonly signal: AbortSignal }): Promise<GlobObservation>;
}

/** What a conversation's tools work with. All start late, at their first use. */
export interface SandboxTools {
  readonly terminal: Terminal;
  readonly files: FileEditor;
  readonly search: Search;
  /** TCP ports that its processes listen on, in rising order. @throws SandboxError */
  ports(): Promise<readonly number[]>;
  /** Resolves when the sandbox, though it runs, has proved to be of no use any more: another one is needed. */
  readonly lost: Promise<SandboxEnd>;
  close(): Promise<void>;
}

/** What of the agent's shell outlives it, as of its last prompt. */
export interface ShellState {
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Keeps it outside of the sandbox. What fails is the keeper's to tell: neither may throw. */
export interface ShellStateKeeper {
  /** null: there was no shell before */
  load(): Promise<ShellState | null>;
  save(state: ShellState): Promise<void>;
}

export interface SandboxToolsOptions {
  /** takes secrets out of what an observation shows, before it is clipped: a half of one would not be found later */
  readonly redact: Redact;
  /**
   * how many characters at the end of what a command has printed so far may be the start of a secret: they are shown
   * with what follows, or at its end
   */
  readonly undecidedEnd?: (text: string) => number;
  /** seconds without new output after which a command's observation returns while it goes on running */
  readonly noChangeSeconds: number;
  /** where the first shell goes on from what the last one was, also of an earlier server or sandbox */
  readonly shellState?: ShellStateKeeper;
  /** the sandbox was just made, so of an earlier one only the workspace is there; the first observation then says so */
  readonly isFresh?: boolean;
  /** variables that the shell is given before a command, where it does not have them yet; must not reject */
  readonly environment?: (command: string) => Promise<Readonly<Record<string, string>>>;
}
