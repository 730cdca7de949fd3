/** `process.env`, which is read in `main.ts` only. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Command {
  readonly name: string;
  /** one line for the list */
  readonly summary: string;
  /** what `--help` prints; null: the command prints its own */
  readonly usage: string | null;
  /** @throws AppError with a sentence for the person */
  run(args: readonly string[], environment: Environment): Promise<void>;
}
