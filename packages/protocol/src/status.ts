/** The two statuses of a conversation, and what is told about its sandbox. */
import * as z from "zod";

/** None is a dead end: a message always continues. */
export const ExecutionStatus = z.enum([
  "idle",
  "running",
  "paused",
  "waiting_for_confirmation",
  "finished",
  "error",
  "stuck",
]);
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;

export const SandboxStatus = z.enum([
  "none",
  "queued",
  "preparing_image",
  "creating",
  "starting",
  "ready",
  "suspended",
  "error",
]);
export type SandboxStatus = z.infer<typeof SandboxStatus>;

export const RuntimeKind = z.enum(["docker", "bubblewrap", "local"]);
export type RuntimeKind = z.infer<typeof RuntimeKind>;

/** A call to the model failed, and another try follows by itself. */
export const RetryState = z.looseObject({
  /** of the failure, e.g. `rate_limit` */
  kind: z.string(),
  /** what happened and what to do */
  detail: z.string(),
  /** the try that failed, from 1, and how many there will be at most */
  attempt: z.number().int(),
  attempts: z.number().int(),
  /** when the next try follows; ISO 8601, UTC */
  until: z.string(),
});
export type RetryState = z.infer<typeof RetryState>;

/** Who a conversation waits for, what for, and since when. */
export const WaitState = z.looseObject({
  who: z.enum(["model", "tool", "sandbox", "person"]),
  what: z.string(),
  /** ISO 8601, UTC */
  since: z.string(),
  /** the settings that end the wait, of local models their `llm_local_…` forms; null: it may take for ever */
  limited_by: z.array(z.string()).nullable(),
});
export type WaitState = z.infer<typeof WaitState>;

export const SandboxState = z.looseObject({
  status: SandboxStatus,
  runtime: RuntimeKind.nullable(),
  /** what is happening or went wrong, one sentence */
  message: z.string().nullish(),
  /** 0 to 100, while the image is prepared */
  progress: z.number().nullish(),
  /** place in the queue, from 1 */
  position: z.number().int().nullish(),
  exit_code: z.number().int().nullish(),
  /** last lines of a container that ended */
  log_tail: z.string().nullish(),
  /** TCP ports that its processes listen on, in rising order; told of while somebody follows the conversation */
  ports: z.array(z.number().int()).nullish(),
  /** what a sandbox that is ready is really held to; null: not held */
  limits: z
    .looseObject({
      memory_mb: z.number().nullable(),
      processes: z.number().nullable(),
      /** what of the wishes is not held, one sentence */
      missing: z.string().nullable(),
    })
    .nullish(),
});
export type SandboxState = z.infer<typeof SandboxState>;
