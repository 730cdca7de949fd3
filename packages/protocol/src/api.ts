/** Bodies and frames that belong to no conversation noun of their own: pages of events, system, sign-in, sockets. */
import * as z from "zod";
import { OtherEvent, type StreamingDeltaEvent, type ToolOutputDeltaEvent } from "./events.ts";
import { ConversationInfo } from "./conversation.ts";
import { ConversationId } from "./identity.ts";
import { RuntimeKind, SandboxStatus } from "./status.ts";

/** One event on the wire. The fields of known kinds are checked by `parseEvent`. */
export const WireEvent = OtherEvent;

export const EventPage = z.object({ items: z.array(WireEvent), next_page_id: z.string().nullable() });
export type EventPage = z.infer<typeof EventPage>;

const Moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)), "a date and time is expected");

/** `null` in the place of each id that is unknown. */
export const SomeEvents = z.array(WireEvent.nullable());
export type SomeEvents = z.infer<typeof SomeEvents>;

export const EventQuery = z.object({
  after_seq: z.coerce.number<number>().int().min(-1).optional(),
  before_seq: z.coerce.number<number>().int().min(0).optional(),
  limit: z.coerce.number<number>().int().min(1).max(100).default(100),
  sort_order: z.enum(["TIMESTAMP", "TIMESTAMP_DESC"]).default("TIMESTAMP"),
  kind: z.string().optional(),
  source: z.string().optional(),
  body: z.string().optional(),
  /** ISO 8601; one without a zone is of the server's */
  timestamp__gte: Moment.optional(),
  timestamp__lt: Moment.optional(),
  page_id: z.string().optional(),
});
export type EventQuery = z.infer<typeof EventQuery>;
/** As a caller gives it: every field may be left out. */
export type EventSearch = z.input<typeof EventQuery>;

/** Text that the agent ended its last turn with; empty when there is none. */
export const FinalResponse = z.object({ response: z.string() });
export type FinalResponse = z.infer<typeof FinalResponse>;

export const Count = z.number().int();

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

/** What one conversation takes of the machine. */
export const ConversationUsage = z.looseObject({
  id: ConversationId,
  title: z.string().nullable(),
  sandbox_status: SandboxStatus,
  /** of its sandbox, file caches left out; null where none runs or nobody can tell */
  memory_bytes: z.number().nullable(),
  memory_limit_bytes: z.number().nullable(),
  /** of its workspace; null where that can't be told soon */
  disk_bytes: z.number().nullable(),
});
export type ConversationUsage = z.infer<typeof ConversationUsage>;

/** What a cleanup has removed. */
export const CleanupResult = z.looseObject({
  /** sandboxes that belonged to no conversation, or that nobody needed any more */
  sandboxes_removed: z.number().int(),
  /** idle ones that went, whose workspaces stay */
  sandboxes_suspended: z.number().int(),
});
export type CleanupResult = z.infer<typeof CleanupResult>;

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
    /** of sandboxes that name none; null where there are no images or nobody can tell */
    image: z.looseObject({ name: z.string(), state: z.enum(["present", "preparing", "missing"]) }).nullable(),
  }),
  home: z.string(),
  warnings: z.array(z.string()),
  /** of sandboxes; `cpus` null: not limited; `idle_suspend_seconds` 0: never */
  limits: z.looseObject({
    memory_mb: z.number(),
    cpus: z.number().nullable(),
    processes: z.number().int(),
    max_running: z.number().int(),
    pool_size: z.number().int(),
    idle_suspend_seconds: z.number(),
  }),
  /** how many run, those made ahead among them, and how many wait for a place */
  sandboxes: z.looseObject({ running: z.number().int(), queued: z.number().int() }),
  /** newest first */
  conversations: z.array(ConversationUsage),
});
export type SystemInfo = z.infer<typeof SystemInfo>;

/** The MCP servers of a conversation. */
export const McpServers = z.array(z.looseObject({ name: z.string() }));
export type McpServers = z.infer<typeof McpServers>;

/** That the server is there, and nothing else. */
export const ServerStatus = z.object({ status: z.literal("ok") });
export type ServerStatus = z.infer<typeof ServerStatus>;

/** `version` is the one of V1 whose clients may talk to this server. */
export const ServerInfo = z.looseObject({
  version: z.string(),
  openhands_version: z.string(),
  uptime: z.number(),
  usable_tools: z.array(z.string()),
});
export type ServerInfo = z.infer<typeof ServerInfo>;

/** Opens the page, signed in, once. */
export const SignInLink = z.object({ link: z.string() });
export type SignInLink = z.infer<typeof SignInLink>;

export const SignInRequest = z.object({ code: z.string().min(1).max(200) });
export type SignInRequest = z.infer<typeof SignInRequest>;
