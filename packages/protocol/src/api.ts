/** Bodies and frames that belong to no conversation noun of their own: pages of events, system, sign-in, sockets. */
import * as z from "zod";
import { OtherEvent, type StreamingDeltaEvent, type ToolOutputDeltaEvent } from "./events.ts";
import { ConversationInfo } from "./conversation.ts";
import { RuntimeKind } from "./status.ts";

/** One event on the wire. The fields of known kinds are checked by `parseEvent`. */
export const WireEvent = OtherEvent;

export const EventPage = z.object({ items: z.array(WireEvent), next_page_id: z.string().nullable() });
export type EventPage = z.infer<typeof EventPage>;

export const EventQuery = z.object({
  after_seq: z.coerce.number().int().min(-1).optional(),
  before_seq: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(100),
  sort_order: z.enum(["TIMESTAMP", "TIMESTAMP_DESC"]).default("TIMESTAMP"),
  kind: z.string().optional(),
  source: z.string().optional(),
  body: z.string().optional(),
  page_id: z.string().optional(),
});
export type EventQuery = z.infer<typeof EventQuery>;

/** The whole state, sent on connect and at every change of status; never stored, so it has no seq. */
export const FullStateEvent = z.looseObject({
  id: z.string(),
  timestamp: z.string(),
  source: z.literal("environment"),
  kind: z.literal("ConversationStateUpdateEvent"),
  key: z.literal("full_state"),
  value: ConversationInfo,
});
export type FullStateEvent = z.infer<typeof FullStateEvent>;

/** A frame of a client could not be used; the socket stays open. */
export const ServerErrorEvent = z.looseObject({
  id: z.string(),
  timestamp: z.string(),
  source: z.literal("environment"),
  kind: z.literal("ServerErrorEvent"),
  code: z.string(),
  detail: z.string(),
});
export type ServerErrorEvent = z.infer<typeof ServerErrorEvent>;

/** What is sent and never stored. */
export type TransientEvent = StreamingDeltaEvent | ToolOutputDeltaEvent | FullStateEvent | ServerErrorEvent;

/** First frame of a client that has neither cookie nor header. */
export const AuthFrame = z.object({ type: z.literal("auth"), session_api_key: z.string() });
export type AuthFrame = z.infer<typeof AuthFrame>;

export const socketClose = { access: 4001, unknown: 4004, restarting: 1012, tooSlow: 1013 } as const;

export const SystemInfo = z.looseObject({
  version: z.string(),
  runtime: z.looseObject({
    kind: RuntimeKind,
    /** engine and its version */
    engine: z.string(),
    /** why it is this one, or what is wrong; one sentence */
    message: z.string().nullable(),
    /** what its sandboxes can't be held to on this machine; a sentence each */
    notes: z.array(z.string()),
  }),
  home: z.string(),
  warnings: z.array(z.string()),
});
export type SystemInfo = z.infer<typeof SystemInfo>;

export const SignInRequest = z.object({ code: z.string().min(1).max(200) });
export type SignInRequest = z.infer<typeof SignInRequest>;
