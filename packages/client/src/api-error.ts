import { ErrorBody } from "@openhands/protocol";

/** Codes that the client gives itself, beside those of the server's `ErrorBody`. */
export const clientErrorCode = {
  /** no answer at all; `status` is 0 */
  network: "network",
  /** an answer that the protocol does not know */
  unreadable: "unreadable_answer",
} as const;

/** A call that failed. `detail` (also the `message`) is one sentence for the person. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came */
  readonly status: number;
  /** one of the protocol's error codes, or of {@link clientErrorCode} */
  readonly code: string;
  readonly detail: string;

  constructor(failure: { status: number; code: string; detail: string }, options?: ErrorOptions) {
    super(failure.detail, options);
    this.name = "ApiError";
    this.status = failure.status;
    this.code = failure.code;
    this.detail = failure.detail;
  }

  /** True when the server asks for a sign-in. */
  get isAccess(): boolean {
    return this.status === 401;
  }
}

/** The error that an answer with a failing status stands for; a body of another make still gives a sentence. */
export function errorOfAnswer(status: number, body: unknown): ApiError {
  const parsed = ErrorBody.safeParse(body);
  if (parsed.success) return new ApiError({ status, code: parsed.data.code, detail: parsed.data.detail });
  return new ApiError({
    status,
    code: clientErrorCode.unreadable,
    detail: `The server answered with status ${status} and gave no reason.`,
  });
}
