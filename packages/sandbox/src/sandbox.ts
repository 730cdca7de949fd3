/**
 * What a sandbox must offer. `spawn` is the one primitive: terminal, files, search, previews and stdio servers are
 * built on it, so a new kind of sandbox is one folder.
 */
import type { Duplex, Readable, Writable } from "node:stream";
import type { ConversationId, RuntimeKind } from "@openhands/protocol";

export interface SpawnOptions {
  /** a terminal of this size; stdout then carries what the terminal shows and stderr is empty */
  readonly tty?: { readonly columns: number; readonly rows: number };
  /** inside the sandbox; default /workspace */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** kills the process group when aborted */
  readonly signal?: AbortSignal;
}

export interface ExitStatus {
  /** null when a signal ended it or when nobody knows */
  readonly code: number | null;
  readonly signal: string | null;
}

export interface SandboxProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the process itself has ended, not when its pipes close. Never rejects. */
  readonly exit: Promise<ExitStatus>;
  /** No-op without a tty. */
  resize(columns: number, rows: number): Promise<void>;
  /** Signals the whole process group. Idempotent; a process that is gone is no error. */
  kill(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): Promise<void>;
}

export interface SandboxStats {
  readonly memory_bytes: number;
  readonly memory_limit_bytes: number | null;
  readonly processes: number;
}

/** The limits that a sandbox is really held to. */
export interface HeldLimits {
  /** for all its processes together; null: not held */
  readonly memory_mb: number | null;
  /** null: not held */
  readonly processes: number | null;
  /** one sentence on what of the wishes is not held; null: all are */
  readonly missing: string | null;
}

export interface Sandbox {
  readonly conversationId: ConversationId;
  readonly limits: HeldLimits;
  readonly runtime: RuntimeKind;
  /** @throws SandboxError when the sandbox is gone or argv[0] can't be run at all */
  spawn(argv: readonly string[], options?: SpawnOptions): Promise<SandboxProcess>;
  /** A TCP port on the sandbox's own loopback. @throws SandboxError when nothing listens or no relay program is there */
  connect(port: number): Promise<Duplex>;
  stats(): Promise<SandboxStats>;
  /**
   * Ends every process inside, also where it has used up all the processes it may have and nothing more can be started.
   * What can't be ended from inside ends with the sandbox itself: `ended` tells, and the next need makes another.
   */
  endProcesses(): Promise<void>;
  /**
   * Puts a line where this kind of sandbox has a log that people look at (`docker logs`); the others have none. The
   * caller redacts. Lost when the sandbox is gone.
   */
  log?(line: string): void;
  /** Resolves when the sandbox has ended by itself or by another's hand; not on our own suspend or remove. */
  readonly ended: Promise<SandboxEnd>;
  /** Asks how it ended: `ended` may tell a moment later. null while it runs. Never throws. */
  check(): Promise<SandboxEnd | null>;
  /** The sandbox goes, the workspace stays. Idempotent. */
  suspend(): Promise<void>;
  /** The sandbox and what belongs to it go; the workspace stays. Idempotent. */
  remove(): Promise<void>;
}

export interface SandboxEnd {
  /** one sentence for the person */
  readonly reason: string;
  readonly exitCode: number | null;
  /** at most 50 lines */
  readonly logTail: string;
}

export interface SandboxSpec {
  readonly conversationId: ConversationId;
  /** folder on the host, mounted at /workspace; exists */
  readonly workspace: string;
  /**
   * Folder on the host for what package managers have downloaded, this conversation's alone: it outlives the sandbox.
   * Made where it is missing, in a folder that nobody else may enter. null: none; only docker has it.
   */
  readonly cacheFolder: string | null;
  /** null: the project's own image */
  readonly image: string | null;
  readonly memoryMb: number;
  /** null: no limit */
  readonly cpus: number | null;
  /** at once */
  readonly processes: number;
  readonly network: "on" | "off";
  readonly user: "owner" | "root";
}

/** Steps of getting ready, told as they happen. */
export type Progress =
  | { readonly status: "preparing_image"; readonly message: string; readonly progress: number | null }
  | { readonly status: "creating" | "starting"; readonly message: string };

export interface ProviderCheck {
  readonly ok: boolean;
  /** e.g. "Docker 28.2.2" or "bubblewrap 0.8.0" */
  readonly engine: string;
  /** what is wrong and what to do, or null */
  readonly problem: string | null;
  /** what sandboxes can't be held to here; a sentence each */
  readonly notes: readonly string[];
}

export interface UsualImage {
  readonly name: string;
  /** "preparing": it is being built or downloaded */
  readonly state: "present" | "preparing" | "missing";
}

export interface SandboxProvider {
  readonly kind: RuntimeKind;
  /** Is it usable here and now? Never throws; answers within three seconds. */
  check(): Promise<ProviderCheck>;
  /** Gets `image` (null: the project's own) ready. Callers at the same time wait for the same work. @throws SandboxError */
  prepare(image: string | null, onProgress: (progress: Progress) => void): Promise<void>;
  /**
   * The image of sandboxes that name none. Kinds without images, which start in no time, don't have this. null: nobody
   * can tell. Never throws.
   */
  usualImage?(): Promise<UsualImage | null>;
  /** @throws SandboxError with the exit code and last log lines where the container ended at once */
  create(spec: SandboxSpec, onProgress: (progress: Progress) => void): Promise<Sandbox>;
  /**
   * Takes over the sandbox that an earlier server process left, after ending every process in it but PID 1; null where
   * there is none that can be used.
   */
  adopt(spec: SandboxSpec): Promise<Sandbox | null>;
  /** Conversations of this instance that have a sandbox now, running or not. */
  list(): Promise<readonly ConversationId[]>;
  /** Removes what `list` names under this id. Idempotent. */
  remove(id: ConversationId): Promise<void>;
  /**
   * Deletes all that lies in a folder of the host, whoever it belongs to. Kinds that have no more rights than this
   * process don't have it. @throws SandboxError
   */
  emptyFolder?(folder: string): Promise<void>;
}

/** A sandbox could not do what was asked; the message says what happened and what to do. */
export class SandboxError extends Error {
  readonly exitCode: number | null;
  readonly logTail: string;

  constructor(
    message: string,
    details: { exitCode?: number | null; logTail?: string; cause?: unknown } = {},
  ) {
    super(message, "cause" in details ? { cause: details.cause } : {});
    this.name = "SandboxError";
    this.exitCode = details.exitCode ?? null;
    this.logTail = details.logTail ?? "";
  }
}
