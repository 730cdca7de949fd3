/** Expected failures: a closed list of codes with their HTTP status, and the one error class that carries them. */
import * as z from "zod";

export const errorStatus = {
  bad_request: 400,
  access: 401,
  forbidden: 403,
  not_found: 404,
  wrong_state: 409,
  too_large: 413,
  invalid: 422,
  too_many: 429,
  internal: 500,
  unavailable: 503,
  disk_full: 507,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** `{detail, code}`: the body of every HTTP error. */
export const ErrorBody = z.looseObject({ detail: z.string(), code: z.string() });
export type ErrorBody = z.infer<typeof ErrorBody>;

/** A failure that was foreseen; `message` is a sentence for the person. */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** when another try makes sense; null: nobody knows */
  readonly retryAfterSeconds: number | null;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { retryAfterSeconds?: number }) {
    super(message, options);
    this.name = "AppError";
    this.code = code;
    this.retryAfterSeconds = options?.retryAfterSeconds ?? null;
  }

  get status(): (typeof errorStatus)[ErrorCode] {
    return errorStatus[this.code];
  }
}
