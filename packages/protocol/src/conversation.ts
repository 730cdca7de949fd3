/** A conversation as it is asked for, as it is kept and as it is shown. */
import * as z from "zod";
import { ConfirmationPolicy, SecurityAnalyzerRequest } from "./confirmation.ts";
import { type Content, ImageContent, TextContent } from "./content.ts";
import { ConversationId } from "./identity.ts";
import { Delivery } from "./queue.ts";
import { ConversationSecrets } from "./secrets.ts";
import { Stats } from "./stats.ts";
import {
  ExecutionStatus,
  RetryState,
  RuntimeKind,
  SandboxState,
  SandboxStatus,
  WaitState,
} from "./status.ts";

/** What a conversation was made with; the value of its first event, key `created`. */
export const ConversationSetup = z.looseObject({
  title: z.string().nullish(),
  /** folder on the host that is mounted at /workspace */
  working_dir: z.string(),
  /** the folder was named by the user: never deleted by us */
  working_dir_named: z.boolean(),
  runtime: RuntimeKind,
  /** image named for this conversation; null: the project's own */
  image: z.string().nullish(),
  memory_mb: z.number().int().positive().nullish(),
  cpus: z.number().positive().nullish(),
  network: z.enum(["on", "off"]),
  user: z.enum(["owner", "root"]),
  llm_model: z.string().nullish(),
  llm_base_url: z.string().nullish(),
  max_iterations: z.number().int().positive(),
  /** US dollars that one run may cost; null: no limit */
  max_budget: z.number().positive().nullish(),
  /** `CodeActAgent` where it is missing */
  agent: z.string().nullish(),
  /** nobody is asked where it is missing */
  confirmation_policy: ConfirmationPolicy.nullish(),
  security_analyzer: z.string().nullish(),
  /** a model gives it a title after its first run */
  autotitle: z.boolean().nullish(),
  tags: z.record(z.string(), z.string()),
  /** of the request that it was made by, where that came with an Idempotency-Key */
  request_digest: z.string().nullish(),
});
export type ConversationSetup = z.infer<typeof ConversationSetup>;

/** `metadata.json`: can be rebuilt from the log at any time. */
export const ConversationMetadata = z.looseObject({
  id: ConversationId,
  title: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  execution_status: ExecutionStatus,
  /** the end of a server cut the last run off */
  cut_off: z.boolean().nullish(),
  llm_model: z.string().nullable(),
  stats: Stats,
  last_seq: z.number().int(),
  last_user_message_id: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
  /** what the last run ended with, where it ended in `error` */
  error: z.looseObject({ code: z.string(), detail: z.string() }).nullable(),
  /** null: the first event can't be read */
  setup: ConversationSetup.nullable(),
});
export type ConversationMetadata = z.infer<typeof ConversationMetadata>;

export const ConversationInfo = z.looseObject({
  id: ConversationId,
  title: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  execution_status: ExecutionStatus,
  sandbox_status: SandboxStatus,
  sandbox: SandboxState,
  /** evidence that the work was checked; null until there is any */
  verification: z.unknown().nullable(),
  stats: Stats,
  last_seq: z.number().int(),
  last_user_message_id: z.string().nullable(),
  error: z.looseObject({ code: z.string(), detail: z.string() }).nullable(),
  /** what is waited for beyond the statuses, one sentence, e.g. a retry of the model call; or null */
  notice: z.string().nullable(),
  /** what is waited for between two tries of a model call; never stored */
  retry: RetryState.nullable().default(null),
  /** at the moment of asking; never stored */
  waits_for: WaitState.nullable().default(null),
  /** the run that goes on was asked to pause, and does so before its next model call; never stored */
  pausing: z.boolean().default(false),
  llm_model: z.string(),
  agent: z.looseObject({ kind: z.string(), llm: z.looseObject({ model: z.string() }) }),
  workspace: z.looseObject({ kind: z.string(), working_dir: z.string() }),
  /** the folder of its log on the machine of the server */
  persistence_dir: z.string().nullish(),
  max_iterations: z.number().int(),
  confirmation_policy: ConfirmationPolicy,
  security_analyzer: z.looseObject({ kind: z.string() }).nullable(),
  tags: z.record(z.string(), z.string()),
});
export type ConversationInfo = z.infer<typeof ConversationInfo>;

export const ConversationPage = z.object({
  items: z.array(ConversationInfo),
  next_page_id: z.string().nullable(),
  /** null: what is listed is all; else how many conversations have been read since the start, of how many */
  incomplete: z.object({ read: z.number().int(), of: z.number().int() }).nullish(),
});
export type ConversationPage = z.infer<typeof ConversationPage>;

const filter = {
  status: ExecutionStatus.optional(),
  /** words, each of which is in the title or in a message */
  query: z.string().max(1000).optional(),
};

/** Which conversations are listed, and in what order. */
export const ConversationsQuery = z.object({
  ...filter,
  limit: z.coerce.number<number>().int().min(1).max(100).default(100),
  page_id: z.string().optional(),
  sort_order: z
    .enum(["CREATED_AT", "CREATED_AT_DESC", "UPDATED_AT", "UPDATED_AT_DESC"])
    .default("CREATED_AT_DESC"),
});
export type ConversationsQuery = z.infer<typeof ConversationsQuery>;
/** As a caller gives it: every field may be left out. */
export type ConversationSearch = z.input<typeof ConversationsQuery>;

/** In the order asked for, null for unknown ones. */
export const ConversationsFound = z.array(ConversationInfo.nullable());
export type ConversationsFound = z.infer<typeof ConversationsFound>;

export const ConversationsFilter = z.object(filter);
export type ConversationsFilter = z.infer<typeof ConversationsFilter>;

/** What a model can be shown: an image in the message itself, or a link. */
const imageUrl = z
  .string()
  .regex(/^(data:image\/[\w.+-]+;base64,|https?:\/\/[^\s/])/, "an image is a data or http URL");

const MessageContent = z.union([
  z.string(),
  z.array(
    z.discriminatedUnion("type", [TextContent, ImageContent.extend({ image_urls: z.array(imageUrl) })]),
  ),
]);

/** A message of a person. */
export const SendMessageRequest = z.object({
  role: z.literal("user").nullish(),
  content: MessageContent,
  run: z.boolean().nullish(),
  delivery: Delivery.nullish(),
});
export type SendMessageRequest = z.infer<typeof SendMessageRequest>;

const OwnBaseUrl = z.union([z.literal(""), z.url({ protocol: /^https?$/ })]).nullish();

/** Every field is optional; unknown fields (V1 sends many) are ignored. */
export const CreateConversationRequest = z.object({
  conversation_id: ConversationId.nullish(),
  initial_message: SendMessageRequest.nullish(),
  title: z.string().min(1).max(200).nullish(),
  workspace: z.object({ working_dir: z.string().nullish() }).nullish(),
  sandbox: z
    .object({
      image: z.string().min(1).max(500).nullish(),
      memory_mb: z.number().int().min(32).nullish(),
      cpus: z.number().positive().nullish(),
      network: z.enum(["on", "off"]).nullish(),
      user: z.enum(["owner", "root"]).nullish(),
    })
    .nullish(),
  llm_model: z.string().min(1).max(200).nullish(),
  agent: z
    .object({
      kind: z.string().nullish(),
      llm: z
        .object({
          model: z.string().min(1).max(200).nullish(),
          api_key: z.string().max(10_000).nullish(),
          base_url: OwnBaseUrl,
        })
        .nullish(),
    })
    .nullish(),
  confirmation_policy: ConfirmationPolicy.nullish(),
  security_analyzer: SecurityAnalyzerRequest.shape.security_analyzer.nullish(),
  max_iterations: z.number().int().min(1).max(10_000).nullish(),
  /** US dollars */
  max_budget: z.number().positive().nullish(),
  /** one more call of the model, for a title; without it the first words of the message are the title */
  autotitle: z.boolean().nullish(),
  tags: z.record(z.string().regex(/^[a-z0-9]+$/), z.string().max(256)).nullish(),
  /** for this conversation alone; they go to the vault */
  secrets: ConversationSecrets.nullish(),
});
export type CreateConversationRequest = z.infer<typeof CreateConversationRequest>;

export const UpdateConversationRequest = z.object({
  title: z.string().min(1).max(200).nullish(),
  tags: z.record(z.string().regex(/^[a-z0-9]+$/), z.string().max(256)).nullish(),
});
export type UpdateConversationRequest = z.infer<typeof UpdateConversationRequest>;

/** As V1's `switch_llm`; its other fields are ignored. */
export const SwitchModelRequest = z.object({
  llm: z.object({
    model: z.string().min(1).max(200),
    api_key: z.string().max(10_000).nullish(),
    base_url: OwnBaseUrl,
  }),
});
export type SwitchModelRequest = z.infer<typeof SwitchModelRequest>;

export const Success = z.object({ success: z.literal(true) });
export type Success = z.infer<typeof Success>;

/** `POST …/{id}/condense`. */
export const CondenseResult = Success.extend({
  /** false: there was nothing to condense, or it is done before the next model call; `detail` says which */
  condensed: z.boolean(),
  detail: z.string(),
});
export type CondenseResult = z.infer<typeof CondenseResult>;

/** `n` instead of the event: the message waits in the queue and becomes an event when it is delivered. */
export const MessageAccepted = Success.extend({
  event_id: z.string(),
  seq: z.number().int(),
  n: z.number().int().optional(),
});
export type MessageAccepted = z.infer<typeof MessageAccepted>;

/** The content of a message in its one form. */
export function messageContent(content: z.infer<typeof MessageContent>): Content[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}
