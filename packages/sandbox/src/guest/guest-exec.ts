/** What a kind of sandbox has to offer so that processes can be run in it: the bare streams of an exec. */
import type { Readable, Writable } from "node:stream";
import { type ExitStatus, SandboxError, type SpawnOptions } from "../sandbox.ts";

export interface GuestStreams {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** null with a terminal */
  readonly stderr: Readable | null;
  resize(columns: number, rows: number): Promise<void>;
  /** How the far end ended; asked once the streams are at their end. */
  outcome(): Promise<ExitStatus>;
  /** Lets go of the streams; the far end may live on. */
  close(): void;
}

/**
 * Runs argv inside, as the sandbox's user.
 * @throws SandboxGone
 */
export type GuestExec = (
  argv: readonly string[],
  options: Pick<SpawnOptions, "tty" | "env">,
) => Promise<GuestStreams>;

/** There is no sandbox any more that anything can run in; every process of it has ended, or rests for good. */
export class SandboxGone extends SandboxError {}
