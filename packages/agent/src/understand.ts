/** From the calls of an answer to actions: understood, given an id of their own, and judged for their risk. */
import type { ModelAnswer, ToolCall } from "@openhands/models";
import { type ActionEvent, type EventDraft, text, type ToolAction } from "@openhands/protocol";
import * as z from "zod";
import { judge } from "./risk/judge.ts";
import type { Tool } from "./tool.ts";

/** A call as understood: an action, or the sentence that tells the model what is wrong with it. */
type Understood = { readonly action: ToolAction } | { readonly action: null; readonly error: string };

export function understand(call: ToolCall, tools: readonly Tool[]): Understood {
  const tool = tools.find((candidate) => candidate.name === call.name);
  if (tool === undefined) {
    const names = tools.map((candidate) => candidate.name).join(", ");
    return { action: null, error: `Tool '${call.name}' not found. Available: ${names}.` };
  }
  let input: unknown;
  try {
    input = JSON.parse(call.arguments === "" ? "{}" : call.arguments);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return {
      action: null,
      error: `[Tool-argument error] The arguments of '${call.name}' are not valid JSON: ${cause.message}. Nothing was executed; send the call again.`,
    };
  }
  try {
    return { action: tool.parse(input) };
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    return {
      action: null,
      error: `[Tool-argument error] The arguments of '${call.name}' do not fit: ${z.prettifyError(cause)}\nNothing was executed; send the call again.`,
    };
  }
}

/** The events that an answer with calls becomes: an action a call, and an error at once for each that was not understood. */
export function actionDrafts(answer: ModelAnswer, tools: readonly Tool[]): EventDraft[] {
  const actions: EventDraft[] = [];
  const errors: EventDraft[] = [];
  withOwnIds(answer.toolCalls).forEach((call, index) => {
    const understood = understand(call, tools);
    const first = index === 0;
    actions.push({
      kind: "ActionEvent",
      source: "agent",
      thought: first && answer.text !== "" ? [text(answer.text)] : [],
      reasoning_content: first && answer.reasoning !== "" ? answer.reasoning : null,
      llm_state: first ? answer.state : null,
      action: understood.action,
      tool_name: call.name,
      tool_call_id: call.id,
      tool_call: { id: call.id, name: call.name, arguments: call.arguments },
      llm_response_id: answer.responseId,
      ...riskOf(understood.action, call, tools),
    });
    if (understood.action === null) {
      errors.push({
        kind: "AgentErrorEvent",
        source: "agent",
        error: understood.error,
        tool_name: call.name,
        tool_call_id: call.id,
      });
    }
  });
  return [...actions, ...errors];
}

/** An action that was not understood is not executed, so there is nothing to judge. */
function riskOf(
  action: ToolAction | null,
  call: ToolCall,
  tools: readonly Tool[],
): Pick<ActionEvent, "security_risk" | "risk_reasons"> {
  const tool = tools.find((candidate) => candidate.name === call.name);
  if (action === null || tool === undefined) return { security_risk: "UNKNOWN" };
  const { risk, reasons } = judge(action, tool, call.arguments);
  return reasons.length === 0 ? { security_risk: risk } : { security_risk: risk, risk_reasons: [...reasons] };
}

/** Some models give two calls of one answer the same id; an id must name one call. */
function withOwnIds(calls: readonly ToolCall[]): ToolCall[] {
  const taken = new Set<string>();
  return calls.map((call, index) => {
    let { id } = call;
    while (id === "" || taken.has(id)) id += `-${index}`;
    taken.add(id);
    return { ...call, id };
  });
}
