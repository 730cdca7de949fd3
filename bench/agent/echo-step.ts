import { type EventDraft, noStats, text } from "@openhands/protocol";

/** What one step with an `echo` leaves in the log. */
export function echoStep(seq: number): EventDraft[] {
  const call = { tool_name: "terminal", tool_call_id: `call-${seq}` };
  const observation = {
    kind: "TerminalObservation",
    content: [text(`line ${seq}`)],
    is_error: false,
    exit_code: 0,
  };
  return [
    {
      kind: "ActionEvent",
      source: "agent",
      thought: [],
      action: { kind: "TerminalAction", command: `echo line ${seq}` },
      tool_call: { id: call.tool_call_id, name: call.tool_name, arguments: `{"command":"echo line ${seq}"}` },
      llm_response_id: `response-${seq}`,
      security_risk: "LOW",
      ...call,
    },
    { kind: "ConversationStateUpdateEvent", source: "environment", key: "stats", value: noStats },
    { kind: "ObservationEvent", source: "environment", observation, action_id: `event-${seq}`, ...call },
  ];
}
