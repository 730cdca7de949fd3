import { KnownEvent } from "@openhands/protocol";

/**
 * Field names and fixed values of eight letters or more that events, frames and settings are made of. Were one of them
 * hidden as a secret, no event could be written or read any more.
 */
const words = `
ActionEvent AgentErrorEvent ConversationErrorEvent ConversationStateUpdateEvent FileEditorAction FileEditorObservation
FinishAction InterruptEvent MessageEvent ObservationEvent PauseEvent ServerErrorEvent StreamingDeltaEvent
SystemPromptEvent TerminalAction TerminalObservation ThinkAction ToolOutputDeltaEvent UnreadableEvent UserRejectObservation
accumulated_cost accumulated_token_usage action_id arguments assistant base_url bubblewrap cache_read_tokens
cache_write_tokens completion_tokens confirmation_mode conversation_id created_at creating environment event_id
execution_status exit_code file_text finished full_state image_urls initial_message insert_line is_error is_input
language last_seq llm_state last_user_message_id llm_api_key llm_base_url llm_message llm_model llm_response_id log_tail
max_iterations memory_mb metadata model_name new_content next_page_id observation old_content parent_id position
preparing_image prev_exist progress prompt_tokens reasoning_content reasoning_tokens rejection_reason
rejection_source sandbox_status security_analyzer security_risk sort_order starting str_replace suspended
file_editor task_tracker terminal_no_change_seconds system_prompt timestamp tool_call_id tool_name undo_edit updated_at usage_to_metrics verification view_range
ended_at first_token_ms known_cost last_call price_source total_ms unpriced_calls usage_by_day usage_id
waiting_for_confirmation warnings whole_output working_dir working_dir_named workspace
`;

const structural: readonly string[] = [
  ...words.trim().split(/\s+/),
  ...KnownEvent.options.flatMap(({ shape }) => [shape.kind.value, ...Object.keys(shape)]),
];

/** True when hiding `value` would hide part of such a word. @param value without white space around it */
export function isStructural(value: string): boolean {
  return structural.some((word) => word.includes(value));
}
