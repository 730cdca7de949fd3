/** Events for tests: a small log is written as a list of calls, which number and time them one second apart. */
import type { ActionEvent, Content, StoredEvent } from "@openhands/protocol";

type Draft = Omit<StoredEvent, "seq" | "id" | "timestamp">;

export function log(...drafts: Draft[]): StoredEvent[] {
  return drafts.map(
    (draft, seq) =>
      ({
        ...draft,
        seq,
        id: `e${seq}`,
        timestamp: new Date(Date.UTC(2026, 0, 1, 0, 0, seq)).toISOString(),
      }) as StoredEvent,
  );
}

const content = (text: string): Content[] => [{ type: "text", text }];

export const user = (text: string): Draft => ({
  kind: "MessageEvent",
  source: "user",
  llm_message: { role: "user", content: content(text) },
});

export const agent = (text: string, reasoning?: string): Draft => ({
  kind: "MessageEvent",
  source: "agent",
  llm_message: { role: "assistant", content: content(text), reasoning_content: reasoning ?? null },
});

export function call(id: string, action: ActionEvent["action"], thought = ""): Draft {
  return {
    kind: "ActionEvent",
    source: "agent",
    thought: thought === "" ? [] : content(thought),
    action,
    tool_name: "tool",
    tool_call_id: id,
    tool_call: { id, name: "tool", arguments: "{}" },
    llm_response_id: "r",
    security_risk: "LOW",
  };
}

export const command = (id: string, text: string, thought = ""): Draft =>
  call(id, { kind: "TerminalAction", command: text, is_input: false, reset: false }, thought);

export const observed = (id: string, observation: Record<string, unknown>): Draft => ({
  kind: "ObservationEvent",
  source: "environment",
  action_id: "a",
  tool_name: "tool",
  tool_call_id: id,
  observation: { content: [], is_error: false, ...observation },
});

export const output = (id: string, text: string, exitCode = 0, workingDir = "/workspace"): Draft =>
  observed(id, {
    kind: "TerminalObservation",
    content: content(text),
    command: "",
    exit_code: exitCode,
    timeout: false,
    metadata: { exit_code: exitCode, working_dir: workingDir, prefix: "", suffix: "" },
  });
