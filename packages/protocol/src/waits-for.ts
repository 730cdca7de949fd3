/** Who is waited for, told from what is known anyway: by the server to whoever asks, by the page at every moment. */
import type { ConversationState } from "./reduce.ts";
import type { SandboxState, WaitState } from "./status.ts";

export interface WaitingConversation {
  readonly state: Pick<ConversationState, "openActions" | "updatedAt" | "executionStatus">;
  /** a run is going */
  readonly running: boolean;
  /** null: it has none */
  readonly sandbox: SandboxState | null;
  /** as the person named it, or the default */
  readonly model: string;
}

/** Who is waited for at this moment, read from what is there anyway; null when nobody is. */
export function waitsFor({ state, running, sandbox, model }: WaitingConversation): WaitState | null {
  const [open] = state.openActions.values();
  const since = state.updatedAt ?? "";
  if (!running) {
    if (state.executionStatus !== "waiting_for_confirmation") return null;
    return { who: "person", what: "a yes or no to what the agent wants to do", since, limited_by: null };
  }
  if (open === undefined)
    return { who: "model", what: model, since, limited_by: ["llm_first_byte_seconds", "llm_call_seconds"] };
  if (sandbox !== null && sandbox.status !== "ready") {
    const what = sandbox.message ?? sandbox.status;
    return { who: "sandbox", what, since: open.timestamp, limited_by: ["max_run_seconds"] };
  }
  const limits = open.tool_name === "terminal" ? ["terminal_no_change_seconds"] : [];
  return {
    who: "tool",
    what: [...state.openActions.values()].map((action) => action.tool_name).join(", "),
    since: open.timestamp,
    limited_by: [...limits, "max_run_seconds"],
  };
}
