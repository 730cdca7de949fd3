/**
 * Runs the calls of one answer, in call order, and appends what each returned. Everything that tools share is here:
 * understanding the call, the wait for the sandbox, errors told to the model in a way that it can mend.
 */
import type { ModelAnswer, ToolCall } from "@openhands/models";
import { type ActionEvent, type EventDraft, text, type ToolAction } from "@openhands/protocol";
import { SandboxError } from "@openhands/sandbox";
import type { OutputStore } from "@openhands/store";
import * as z from "zod";
import { keepLongOutput } from "./keep-long-output.ts";
import type { Tool, ToolContext } from "./tool.ts";

export type Append = (drafts: readonly EventDraft[]) => Promise<void>;

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
      action: understood.action,
      tool_name: call.name,
      tool_call_id: call.id,
      tool_call: { id: call.id, name: call.name, arguments: call.arguments },
      llm_response_id: answer.responseId,
      llm_state: first ? answer.state : null,
      security_risk: "UNKNOWN",
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

/** Some models give two calls of one answer the same id; an id must name one call. */
function withOwnIds(calls: readonly ToolCall[]): ToolCall[] {
  const taken = new Set<string>();
  return calls.map((call, index) => {
    const id = call.id === "" || taken.has(call.id) ? `${call.id}-${index}` : call.id;
    taken.add(id);
    return { ...call, id };
  });
}

/** Ties what comes of a call to the action that it became. */
export interface ToolCallOfAction {
  readonly action_id: string;
  readonly tool_name: string;
  readonly tool_call_id: string;
}

/** What the tools of a run share. */
export interface ToolSurroundings extends Omit<ToolContext, "onOutput"> {
  /** where an output that is too long for its event is kept, by the action's id */
  readonly outputs: Pick<OutputStore, "begin">;
  /** Is given what a tool prints while it runs. Must not throw. */
  readonly onToolOutput: (call: ToolCallOfAction, text: string) => void;
}

/**
 * Runs `actions` one after the other.
 * @returns true when one of them ended the turn
 * @throws the signal's reason when aborted; SandboxError when no sandbox can be had at all
 */
export async function runTools(
  actions: readonly ActionEvent[],
  tools: readonly Tool[],
  given: ToolSurroundings,
  append: Append,
): Promise<boolean> {
  let ended = false;
  const context = { ...given, sandbox: async () => await unlessAborted(given.sandbox(), given.signal) };
  for (const event of actions) {
    const tool = tools.find((candidate) => candidate.name === event.tool_name);
    if (event.action === null || tool === undefined) continue;
    context.signal.throwIfAborted();
    if (tool.effect !== "none") await context.sandbox();
    await append([await observe({ ...event, action: event.action }, tool, context)]);
    ended ||= tool.endsTurn;
  }
  return ended;
}

/** Stop does not wait for what is waited for: an image may take minutes to be made. @throws the signal's reason */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function observe(
  event: ActionEvent & { action: ToolAction },
  tool: Tool,
  { outputs, onToolOutput, ...context }: ToolSurroundings,
): Promise<EventDraft> {
  const call = { tool_name: event.tool_name, tool_call_id: event.tool_call_id };
  const file = outputs.begin(event.id);
  const onOutput = (part: string): void => {
    file.write(part);
    onToolOutput({ action_id: event.id, ...call }, part);
  };
  try {
    const whole = await tool.run(event.action, { ...context, onOutput });
    const kept = await keepLongOutput(whole, file);
    return { kind: "ObservationEvent", source: "environment", ...kept, action_id: event.id, ...call };
  } catch (cause) {
    file.close();
    context.signal.throwIfAborted();
    if (!(cause instanceof SandboxError)) throw cause;
    return { kind: "AgentErrorEvent", source: "agent", error: sandboxLost(cause), ...call };
  }
}

function sandboxLost(error: SandboxError): string {
  return `The sandbox failed while this tool was in progress: ${error.message} The next call gets a fresh one with the same workspace; running programs and the shell's state are gone.`;
}
