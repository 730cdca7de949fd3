export interface Command {
  readonly name: string;
  /** one line for the list */
  readonly summary: string;
  /** @throws AppError with a sentence for the person */
  run(args: readonly string[]): Promise<void>;
}
