/**
 * The loop: build the request, stream the answer, append its actions, run them, append what they returned, again.
 * It holds no state of its own: all it knows is the log (through `context` and `state`), so it can end at any point
 * and a later run goes on from what is on disk.
 */
import {
  type AnswerDelta,
  type AskOptions,
  isScripted,
  ledgerRow,
  type Model,
  type ModelAnswer,
} from "@openhands/models";
import {
  type ActionEvent,
  type ConfirmationPolicy,
  type ConversationState,
  countCall,
  type EventDraft,
  isKnown,
  type ModelCall,
  neverConfirm,
  type StoredEvent,
  text,
} from "@openhands/protocol";
import type { Agent } from "./agents/agent.ts";
import { type Grants, waitsForApproval } from "./approval.ts";
import { type Ladder, makeRoom, summariseNow } from "./condensers/ladder.ts";
import type { Context } from "./context.ts";
import { guards } from "./guards/registry.ts";
import { systemPromptDraft } from "./prompt.ts";
import { cutOffNudge, recover } from "./recover.ts";
import { runTools, type ToolSurroundings } from "./run-tools.ts";
import { toolSpec } from "./tool-spec.ts";
import { actionDrafts } from "./understand.ts";
import { withAttachments } from "./with-attachments.ts";

export interface Run {
  readonly model: Model;
  readonly agent: Agent;
  /** what a person allowed in every conversation */
  readonly grants: () => Grants;
  readonly sandbox: ToolSurroundings["sandbox"];
  readonly outputs: ToolSurroundings["outputs"];
  readonly redact: ToolSurroundings["redact"];
  readonly onToolOutput: ToolSurroundings["onToolOutput"];
  /** Interrupts now: the model's socket, the command's process group. */
  readonly signal: AbortSignal;
  /** true: end at the next safe point */
  readonly pauseRequested: () => boolean;
  readonly maxIterations: number;
  /** US dollars; null: no limit */
  readonly maxBudget: number | null;
  /** Kept up with the log by the caller: each stored row is pushed before `append` resolves. */
  readonly context: Context;
  readonly state: () => ConversationState;
  /** what an event refers to as an attachment; null when it is gone */
  readonly attachment: (name: string) => Promise<Uint8Array | null>;
  /** @throws AppError when the log can't be written */
  readonly append: (drafts: readonly EventDraft[]) => Promise<StoredEvent[]>;
  /** Puts the next message that waited for the end of a turn into the log. Resolves to false when none waits. */
  readonly deliverQueued: () => Promise<boolean>;
  readonly onDelta: (delta: AnswerDelta) => void;
  readonly onRetry: AskOptions["onRetry"];
  /** a try of a model call begins: none is waited for any more */
  readonly onTry?: () => void;
}

export type RunEnd =
  | { readonly status: "finished" }
  | { readonly status: "paused" }
  | { readonly status: "waiting_for_confirmation" }
  | { readonly status: "error" | "stuck"; readonly code: string; readonly detail: string };

/**
 * Runs until the turn ends, a guard stops it or a pause is asked for.
 * @throws the signal's reason when interrupted; ModelError, SandboxError, AppError for what the caller must tell.
 *   Actions may then be open; the caller closes them.
 */
export async function run(turn: Run): Promise<RunEnd> {
  if (!turn.state().hasSystemPrompt) await turn.append([systemPromptDraft(turn.agent)]);
  let end = await runApproved(turn);
  for (;;) {
    if (end?.status === "finished" && (await turn.deliverQueued())) end = null;
    if (end !== null) return end;
    if (turn.pauseRequested()) return { status: "paused" };
    end = await guarded(turn);
    if (end === null && (await madeRoom(turn))) {
      if (turn.pauseRequested()) return { status: "paused" };
      // a summary costs as well: the budget is asked again before the call that it made room for
      end = await guarded(turn);
    }
    end ??= await step(turn);
  }
}

/** @returns true when the model was asked for it */
async function madeRoom(turn: Run): Promise<boolean> {
  if (isScripted(turn.model.name)) return false;
  const ladder = ladderOf(turn);
  const wanted = turn.state().condensationWanted ? await summariseNow(ladder) : { asked: false };
  const { asked } = await makeRoom(ladder);
  return asked || wanted.asked;
}

const ladderOf = (turn: Run): Ladder => ({ ...turn, stats: () => turn.state().stats });

/** Asks the guards. What one of them has to tell the model is in its next request. @returns null to go on */
async function guarded(turn: Run): Promise<RunEnd | null> {
  const { maxIterations, maxBudget, context } = turn;
  for (const guard of guards) {
    const { recent } = context;
    const verdict = guard({ state: turn.state(), recent, maxIterations, maxBudget });
    if (verdict?.kind === "stop") return verdict;
    if (verdict?.kind === "nudge") await turn.append([nudgeDraft(verdict.message)]);
  }
  return null;
}

/** Runs what a person has allowed since the last run ended. */
async function runApproved(turn: Run): Promise<RunEnd | null> {
  const { openActions, approvedCalls } = turn.state();
  const approved = [...openActions.values()].filter((action) => approvedCalls.has(action.tool_call_id));
  if (approved.length === 0) return null;
  return await execute(turn, approved, { answered: turn.state().lastUserMessageSeq, mayRun: () => true });
}

/** One model call and what follows from it. @returns null while the turn goes on */
async function step(turn: Run): Promise<RunEnd | null> {
  const { lastSeq, lastUserMessageSeq } = turn.state();
  const spent: ModelCall[] = [];
  let answer: ModelAnswer;
  try {
    answer = await ask(turn, spent);
  } catch (error) {
    if (spent.length > 0) await turn.append([statsDraft(turn, spent)]);
    turn.signal.throwIfAborted();
    await recover(error, ladderOf(turn));
    return null;
  }
  turn.signal.throwIfAborted();
  spent.push(ledgerRow("agent", turn.model.name, answer));
  const counted = [...warningDrafts(turn, answer), statsDraft(turn, spent)];
  if (answer.toolCalls.length === 0) {
    // an answer that was cut down to nothing says nothing, and providers refuse it in the next request
    const said = answer.text === "" ? [] : [messageDraft(answer)];
    const nudge = answer.end === "length" ? cutOffNudge(turn) : null;
    await turn.append([...said, ...counted, ...(nudge === null ? [] : [nudge])]);
    if (nudge !== null) return null;
    return turn.state().lastUserMessageSeq <= lastSeq ? turnEnd(answer) : null;
  }
  const calls = actionDrafts(answer, turn.agent.tools);
  const rows = await turn.append([...calls, ...counted]);
  const actions = rows.filter((row) => isKnown(row)).filter((row) => row.kind === "ActionEvent");
  const decided = policyOf(turn);
  if (waits(turn, actions)) return { status: "waiting_for_confirmation" };
  // what a person has forbidden meanwhile is not run because it was one of many
  const mayRun = (rest: readonly ActionEvent[]): boolean => policyOf(turn) === decided || !waits(turn, rest);
  return await execute(turn, actions, { answered: lastUserMessageSeq, mayRun });
}

/** @param spent is given what came before the answer and was no use */
async function ask(turn: Run, spent: ModelCall[]): Promise<ModelAnswer> {
  const policy = policyOf(turn);
  return await turn.model.ask(
    {
      prompt: await withAttachments(turn.context.prompt(), turn.attachment),
      tools: turn.agent.tools.map((tool) => toolSpec(tool, policy)),
    },
    {
      signal: turn.signal,
      onDelta: turn.onDelta,
      onRetry: turn.onRetry,
      ...(turn.onTry && { onTry: turn.onTry }),
      onUseless: (useless) => void spent.push(ledgerRow("agent", turn.model.name, useless)),
    },
  );
}

/** By the policy as it is now: it may have been changed while the model answered. */
function waits(turn: Run, actions: readonly ActionEvent[]): boolean {
  const grants = new Set([...turn.state().grants, ...turn.grants()]);
  return waitsForApproval(actions, turn.agent.tools, policyOf(turn), grants);
}

const policyOf = (turn: Run): ConfirmationPolicy => turn.state().setup?.confirmation_policy ?? neverConfirm;

interface Execution {
  /** seq of the newest message that the model had seen */
  readonly answered: number;
  readonly mayRun: (rest: readonly ActionEvent[]) => boolean;
}

/** @returns null while the turn goes on */
async function execute(
  turn: Run,
  actions: readonly ActionEvent[],
  { answered, mayRun }: Execution,
): Promise<RunEnd | null> {
  const end = await runTools(
    actions,
    turn.agent.tools,
    { ...turn, memory: turn.context.memory, mayRun },
    async (drafts) => void (await turn.append(drafts)),
  );
  if (end === "held") return { status: "waiting_for_confirmation" };
  return end === "ended" && turn.state().lastUserMessageSeq <= answered ? { status: "finished" } : null;
}

/** The end of a turn without calls: what a limit or a filter cut off must not look finished. */
function turnEnd({ end }: ModelAnswer): RunEnd {
  if (end === "length") {
    const detail =
      "The model's answer was cut off at the most that it may write at once. Send a message to let it go on, or choose another model in Settings.";
    return { status: "error", code: "model_length", detail };
  }
  if (end === "content-filter") {
    const detail =
      "The provider's content filter stopped the model's answer. Say it in other words, or choose another model in Settings.";
    return { status: "error", code: "model_content_filter", detail };
  }
  return { status: "finished" };
}

/** What the model is told by us, not by the person. */
function nudgeDraft(message: string): EventDraft {
  return {
    kind: "MessageEvent",
    source: "environment",
    llm_message: { role: "user", content: [text(message)] },
  };
}

function messageDraft(answer: ModelAnswer): EventDraft {
  return {
    kind: "MessageEvent",
    source: "agent",
    llm_message: {
      role: "assistant",
      content: [text(answer.text)],
      reasoning_content: answer.reasoning === "" ? null : answer.reasoning,
    },
    llm_response_id: answer.responseId,
    llm_state: answer.state,
  };
}

/** Nothing is told twice in a row. */
function warningDrafts(turn: Run, { warnings = [] }: ModelAnswer): EventDraft[] {
  return warnings
    .filter((sentence) => sentence !== turn.state().warning)
    .map((value) => ({
      kind: "ConversationStateUpdateEvent",
      source: "environment",
      key: "warning",
      value,
    }));
}

function statsDraft(turn: Run, calls: readonly ModelCall[]): EventDraft {
  return {
    kind: "ConversationStateUpdateEvent",
    source: "environment",
    key: "stats",
    value: calls.reduce(countCall, turn.state().stats),
  };
}
