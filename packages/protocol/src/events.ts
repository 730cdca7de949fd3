/**
 * The events of a conversation, in OpenHands' V1 vocabulary with our `seq`. One shape on disk, on the wire and in
 * memory. Readers keep what they do not know: an unknown kind or field is shown and passed on.
 */
import * as z from "zod";
import { Content, TextContent } from "./content.ts";
import { LlmState } from "./llm-state.ts";
import { ToolAction, ToolObservation } from "./tools.ts";

export const EventSource = z.enum(["agent", "user", "environment", "hook"]);
export type EventSource = z.infer<typeof EventSource>;

const base = {
  id: z.string(),
  /** 0, 1, 2 … within a conversation: the cursor of every page and socket */
  seq: z.number().int().nonnegative(),
  /** ISO 8601, UTC */
  timestamp: z.string(),
  source: EventSource,
  parent_id: z.string().nullish(),
};

/** Ties an answer of a tool to the call. */
const call = { action_id: z.string(), tool_name: z.string(), tool_call_id: z.string() };

export const SystemPromptEvent = z.looseObject({
  ...base,
  kind: z.literal("SystemPromptEvent"),
  system_prompt: TextContent,
  /** the tools as the model is told of them: name, description, JSON schema of the input */
  tools: z.array(z.looseObject({ name: z.string() })),
});
export type SystemPromptEvent = z.infer<typeof SystemPromptEvent>;

export const MessageEvent = z.looseObject({
  ...base,
  kind: z.literal("MessageEvent"),
  llm_message: z.looseObject({
    role: z.enum(["user", "assistant", "system"]),
    content: z.array(Content),
    reasoning_content: z.string().nullish(),
  }),
  llm_response_id: z.string().nullish(),
  /** its number in the queue, where it waited there: with this event it is delivered */
  queued: z.number().int().nullish(),
  llm_state: LlmState.nullish(),
  /** of a message of the environment, what the model is told about: that it repeats itself, where it is missing */
  about: z.enum(["repetition", "answer"]).nullish(),
});
export type MessageEvent = z.infer<typeof MessageEvent>;

/**
 * One model answer with n tool calls is n of these with the same `llm_response_id`; thought, reasoning and `llm_state`
 * are on the first.
 */
export const ActionEvent = z.looseObject({
  ...base,
  kind: z.literal("ActionEvent"),
  thought: z.array(TextContent),
  reasoning_content: z.string().nullish(),
  /** null: the call could not be understood and an AgentErrorEvent answers it */
  action: ToolAction.nullable(),
  tool_name: z.string(),
  tool_call_id: z.string(),
  /** as the model sent it; `arguments` is a JSON text */
  tool_call: z.looseObject({ id: z.string(), name: z.string(), arguments: z.string() }),
  llm_response_id: z.string(),
  llm_state: LlmState.nullish(),
  security_risk: z.enum(["UNKNOWN", "LOW", "MEDIUM", "HIGH"]),
  /** what makes it risky, one phrase each */
  risk_reasons: z.array(z.string()).nullish(),
  summary: z.string().nullish(),
});
export type ActionEvent = z.infer<typeof ActionEvent>;

export const ObservationEvent = z.looseObject({
  ...base,
  kind: z.literal("ObservationEvent"),
  observation: ToolObservation,
  /** the output was too long for this event, and is whole beside the log: `GET …/events/{id}/output` */
  whole_output: z.looseObject({ bytes: z.number().int() }).nullish(),
  ...call,
});
export type ObservationEvent = z.infer<typeof ObservationEvent>;

export const UserRejectObservation = z.looseObject({
  ...base,
  kind: z.literal("UserRejectObservation"),
  rejection_reason: z.string(),
  rejection_source: z.enum(["user", "hook"]),
  ...call,
});
export type UserRejectObservation = z.infer<typeof UserRejectObservation>;

/** Closes an action that has no observation: it failed, was interrupted, or could not be understood. */
export const AgentErrorEvent = z.looseObject({
  ...base,
  kind: z.literal("AgentErrorEvent"),
  error: z.string(),
  tool_name: z.string(),
  tool_call_id: z.string(),
});
export type AgentErrorEvent = z.infer<typeof AgentErrorEvent>;

/** Ends a run: what happened, and what the person should do about it. */
export const ConversationErrorEvent = z.looseObject({
  ...base,
  kind: z.literal("ConversationErrorEvent"),
  code: z.string(),
  detail: z.string(),
});
export type ConversationErrorEvent = z.infer<typeof ConversationErrorEvent>;

/** `key` has changed to `value`. The keys that the fold knows are in `reduce.ts`. */
export const ConversationStateUpdateEvent = z.looseObject({
  ...base,
  kind: z.literal("ConversationStateUpdateEvent"),
  key: z.string(),
  value: z.unknown(),
});
export type ConversationStateUpdateEvent = z.infer<typeof ConversationStateUpdateEvent>;

export const PauseEvent = z.looseObject({ ...base, kind: z.literal("PauseEvent") });
export type PauseEvent = z.infer<typeof PauseEvent>;

export const InterruptEvent = z.looseObject({ ...base, kind: z.literal("InterruptEvent") });
export type InterruptEvent = z.infer<typeof InterruptEvent>;

/**
 * A tombstone: what the model is no longer told. Nothing is deleted, the log stays as it is; only the requests that
 * follow are built without it.
 */
export const Condensation = z.looseObject({
  ...base,
  kind: z.literal("Condensation"),
  /** which rung of the ladder made room, e.g. `summarise` */
  rung: z.string().nullish(),
  /** events that are left out, calls together with their results; `{id}-summary` names an earlier summary */
  forgotten_event_ids: z.array(z.string()),
  /** stands in the place of the first of them */
  summary: z.string().nullish(),
  /** messages before the summary, the system prompt left out */
  summary_offset: z.number().int().nullish(),
  llm_response_id: z.string().nullish(),
  /** outputs from before event `before_seq` have at most so many characters; 0: a note in their place */
  clipped_outputs: z.looseObject({ before_seq: z.number().int(), characters: z.number().int() }).nullish(),
});
export type Condensation = z.infer<typeof Condensation>;

/** Room is asked for: by the person, or because the model has refused a request as too long. */
export const CondensationRequest = z.looseObject({ ...base, kind: z.literal("CondensationRequest") });
export type CondensationRequest = z.infer<typeof CondensationRequest>;

export const KnownEvent = z.discriminatedUnion("kind", [
  SystemPromptEvent,
  MessageEvent,
  ActionEvent,
  ObservationEvent,
  UserRejectObservation,
  AgentErrorEvent,
  ConversationErrorEvent,
  ConversationStateUpdateEvent,
  PauseEvent,
  InterruptEvent,
  Condensation,
  CondensationRequest,
]);
export type KnownEvent = z.infer<typeof KnownEvent>;

/** An event of a kind that this version does not know. Kept and passed on as it is. */
export const OtherEvent = z.looseObject({ ...base, source: z.string(), kind: z.string() });
export type OtherEvent = z.infer<typeof OtherEvent>;

export type StoredEvent = KnownEvent | OtherEvent;

const knownKinds: ReadonlySet<string> = new Set(KnownEvent.options.map((option) => option.shape.kind.value));

/** True for the kinds of this version. The fields were checked where the event entered. */
export function isKnown(event: StoredEvent): event is KnownEvent {
  return knownKinds.has(event.kind);
}

/**
 * Checks one event where it enters (a row of a file, a frame of a socket). A known kind must have its fields; an
 * unknown one only id, seq, timestamp, source and kind.
 * @throws ZodError
 */
export function parseEvent(value: unknown): StoredEvent {
  const kind: unknown = typeof value === "object" && value !== null && "kind" in value ? value.kind : null;
  return typeof kind === "string" && knownKinds.has(kind) ? KnownEvent.parse(value) : OtherEvent.parse(value);
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown
  ? Pick<T, Exclude<KnownKeys<T>, K>>
  : never;
/** The named keys of T, without the index signature that loose objects have. */
type KnownKeys<T> = keyof { [P in keyof T as string extends P ? never : P]: T[P] };

/** An event before the log gave it id, seq and timestamp. */
export type EventDraft = DistributiveOmit<KnownEvent, "id" | "seq" | "timestamp">;

/** Text of the answer being streamed: sent, never stored. */
export const StreamingDeltaEvent = z.looseObject({
  id: z.string(),
  timestamp: z.string(),
  source: EventSource,
  kind: z.literal("StreamingDeltaEvent"),
  /** the text streamed before this delta is void: a new answer begins, or the try that gave it failed */
  reset: z.boolean().nullish(),
  content: z.string().nullish(),
  reasoning_content: z.string().nullish(),
});
export type StreamingDeltaEvent = z.infer<typeof StreamingDeltaEvent>;

/** What a tool prints while it runs: sent, never stored, since its observation follows. */
export const ToolOutputDeltaEvent = z.looseObject({
  id: z.string(),
  timestamp: z.string(),
  source: EventSource,
  kind: z.literal("ToolOutputDeltaEvent"),
  ...call,
  content: z.string(),
  /** takes the place of what was sent of this call before */
  reset: z.boolean().nullish(),
});
export type ToolOutputDeltaEvent = z.infer<typeof ToolOutputDeltaEvent>;
