/** What we find wrong with an answer ourselves, where the provider reported no error. */
export type AnswerFaultKind = "first-byte" | "silence" | "call" | "empty" | "unreadable-call" | "broken-off";

export class AnswerFault extends Error {
  readonly fault: AnswerFaultKind;
  /** the limit that was passed; 0 where the fault has none */
  readonly seconds: number;

  constructor(fault: AnswerFaultKind, seconds = 0) {
    super(`The answer is at fault: ${fault}`);
    this.name = "AnswerFault";
    this.fault = fault;
    this.seconds = seconds;
  }
}

/** An error that the provider sent within its answer; `cause` is what it sent. */
export class StreamedError extends Error {
  constructor(cause: unknown) {
    super("The provider sent an error within its answer", { cause });
    this.name = "StreamedError";
  }
}
