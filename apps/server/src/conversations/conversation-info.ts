/** From state to what is kept in metadata.json, and from there to what is shown. */
import {
  type ConversationId,
  type ConversationInfo,
  type ConversationMetadata,
  type ConversationState,
  neverConfirm,
  type RetryState,
  type SandboxState,
  type WaitState,
} from "@openhands/protocol";

export function metadataOf(id: ConversationId, state: ConversationState): ConversationMetadata {
  return {
    id,
    title: state.title,
    created_at: state.createdAt ?? "",
    updated_at: state.updatedAt ?? "",
    execution_status: state.executionStatus,
    cut_off: state.cutOff,
    llm_model: state.setup?.llm_model ?? null,
    stats: state.stats,
    last_seq: state.lastSeq,
    last_user_message_id: state.lastUserMessageId,
    tags: { ...state.tags },
    error: state.error,
    setup: state.setup,
  };
}

/** What only a conversation in memory knows; for one that is not, the defaults are true. */
export interface LiveParts {
  readonly sandbox?: SandboxState;
  readonly notice?: string | null;
  readonly retry?: RetryState | null;
  readonly waitsFor?: WaitState | null;
  readonly pausing?: boolean;
  /** the model's name where the conversation names none */
  readonly defaultModel: string;
  readonly folder: string;
}

export function conversationInfo(metadata: ConversationMetadata, live: LiveParts): ConversationInfo {
  const { setup, ...shown } = metadata;
  const model = setup?.llm_model ?? live.defaultModel;
  const sandbox = live.sandbox ?? { status: "none", runtime: setup?.runtime ?? null };
  return {
    ...shown,
    sandbox_status: sandbox.status,
    sandbox,
    verification: null,
    notice: live.notice ?? null,
    retry: live.retry ?? null,
    waits_for: live.waitsFor ?? null,
    pausing: live.pausing ?? false,
    llm_model: model,
    agent: { kind: setup?.agent ?? "Agent", llm: { model } },
    workspace: { kind: "LocalWorkspace", working_dir: "/workspace" },
    persistence_dir: live.folder,
    max_iterations: setup?.max_iterations ?? 0,
    confirmation_policy: setup?.confirmation_policy ?? neverConfirm,
    security_analyzer: setup?.security_analyzer ? { kind: setup.security_analyzer } : null,
  };
}
