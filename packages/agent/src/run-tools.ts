/**
 * Runs the calls of one answer and appends what each returned, in call order. Everything that tools share is here: what
 * runs side by side, the wait for the sandbox, errors told to the model in a way that it can mend.
 */
import { type ActionEvent, type EventDraft, secretHidden, type ToolAction } from "@openhands/protocol";
import { SandboxError } from "@openhands/sandbox";
import type { OutputStore } from "@openhands/store";
import { keepLongOutput } from "./keep-long-output.ts";
import { sideBySide } from "./side-by-side.ts";
import type { Tool, ToolContext } from "./tool.ts";

export type Append = (drafts: readonly EventDraft[]) => Promise<void>;

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
  /** takes secrets out of a text */
  readonly redact: (text: string) => string;
  /** Is given what a tool prints while it runs. Must not throw. */
  readonly onToolOutput: (call: ToolCallOfAction, text: string) => void;
}

export interface ToolsGiven extends ToolSurroundings {
  /** Asked before each further step: false leaves the rest open. Default: all may run */
  readonly mayRun?: (rest: readonly ActionEvent[]) => boolean;
}

interface Call {
  readonly event: ActionEvent & { action: ToolAction };
  readonly tool: Tool;
}

/**
 * Runs `actions` in order, those side by side that do not touch what another one writes.
 * @returns whether one of them ended the turn, or the rest was held
 * @throws the signal's reason when aborted; SandboxError when no sandbox can be had at all
 */
export async function runTools(
  actions: readonly ActionEvent[],
  tools: readonly Tool[],
  { mayRun = () => true, ...given }: ToolsGiven,
  append: Append,
): Promise<"ended" | "held" | "ran"> {
  const context = { ...given, sandbox: async () => await unlessAborted(given.sandbox(), given.signal) };
  const calls = actions.flatMap((event): Call[] => {
    const tool = tools.find((candidate) => candidate.name === event.tool_name);
    return event.action === null || tool === undefined
      ? []
      : [{ event: { ...event, action: event.action }, tool }];
  });
  let done = 0;
  for (const group of sideBySide(calls, ({ event, tool }) => tool.touches(event.action))) {
    context.signal.throwIfAborted();
    if (!mayRun(calls.slice(done).map(({ event }) => event))) return "held";
    done += group.length;
    if (group.some(({ tool }) => tool.effect !== "none")) await context.sandbox();
    const running = group.map(async (call) => await observe(call, context));
    // One that fails must not leave another behind, going on unseen.
    const settled = Promise.allSettled(running);
    try {
      for (const observing of running) await append([await observing]);
    } finally {
      await settled;
    }
  }
  return calls.some(({ tool }) => tool.endsTurn) ? "ended" : "ran";
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
  { event, tool }: Call,
  { outputs, redact, onToolOutput, ...context }: ToolSurroundings,
): Promise<EventDraft> {
  const call = { tool_name: event.tool_name, tool_call_id: event.tool_call_id };
  if (tool.effect !== "none" && JSON.stringify(event.action).includes(secretHidden))
    return { kind: "AgentErrorEvent", source: "agent", error: masked, ...call };
  const file = outputs.begin(event.id);
  const onOutput = (part: string): void => {
    file.write(part);
    onToolOutput({ action_id: event.id, ...call }, part);
  };
  try {
    const whole = await tool.run(event.action, { ...context, onOutput });
    const kept = await keepLongOutput(whole, file, redact);
    return { kind: "ObservationEvent", source: "environment", ...kept, action_id: event.id, ...call };
  } catch (cause) {
    file.close();
    context.signal.throwIfAborted();
    if (!(cause instanceof SandboxError)) throw cause;
    return { kind: "AgentErrorEvent", source: "agent", error: sandboxLost(cause), ...call };
  }
}

const masked = `This call holds ${secretHidden}: the mask that stands for a secret's value, not the value. Nothing was executed; use the variable that holds the secret, or leave that part out.`;

function sandboxLost(error: SandboxError): string {
  return `The sandbox failed while this tool was in progress: ${error.message} The next call gets a fresh one with the same workspace; running programs and the shell's state are gone.`;
}
