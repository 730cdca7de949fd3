/**
 * The fold from a log to the state of its conversation. Pure, used by the server and by the page, so that they cannot
 * drift apart.
 */
import { plainText } from "./content.ts";
import { Confirmation, ConfirmationPolicy } from "./confirmation.ts";
import { ConversationSetup } from "./conversation.ts";
import { type ActionEvent, isKnown, type KnownEvent, type StoredEvent } from "./events.ts";
import { Queue } from "./queue.ts";
import { noStats, Stats } from "./stats.ts";
import { ExecutionStatus } from "./status.ts";

export interface ConversationState {
  /** -1 for an empty log */
  readonly lastSeq: number;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly setup: ConversationSetup | null;
  readonly title: string | null;
  /** the title is more than the first words of a message: a person or a model gave it */
  readonly titleGiven: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly executionStatus: ExecutionStatus;
  /** the end of a server cut its last run off, and nothing was run since */
  readonly cutOff: boolean;
  readonly stats: Stats;
  /**
   * the ledger as it was when the person last let the agent go on: limits of a run count from there. A yes to an action
   * and the end of a server are not the end of a run
   */
  readonly statsBefore: Stats;
  readonly error: { code: string; detail: string } | null;
  /** the newest thing that the person was told about the requests; null where nothing was */
  readonly warning: string | null;
  readonly lastUserMessageId: string | null;
  readonly lastUserMessageSeq: number;
  /** seq of the newest event of a model answer */
  readonly lastAgentSeq: number;
  readonly hasSystemPrompt: boolean;
  /** actions that nothing has answered yet, by tool_call_id, in order */
  readonly openActions: ReadonlyMap<string, ActionEvent>;
  /** the open actions that a person has allowed, by tool_call_id */
  readonly approvedCalls: ReadonlySet<string>;
  /** what a person allowed for this whole conversation */
  readonly grants: ReadonlySet<string>;
  /** messages that wait for the end of the turn */
  readonly queue: Queue;
  /** the highest number that a queued message had */
  readonly lastQueued: number;
  /** the highest number that was delivered; they are in turn */
  readonly lastDelivered: number;
  /** the person has asked for a condensation, and the model was not asked since */
  readonly condensationWanted: boolean;
}

export const emptyState: ConversationState = {
  lastSeq: -1,
  createdAt: null,
  updatedAt: null,
  setup: null,
  title: null,
  titleGiven: false,
  tags: {},
  executionStatus: "idle",
  cutOff: false,
  stats: noStats,
  statsBefore: noStats,
  error: null,
  warning: null,
  lastUserMessageId: null,
  lastUserMessageSeq: -1,
  lastAgentSeq: -1,
  hasSystemPrompt: false,
  openActions: new Map(),
  approvedCalls: new Set(),
  grants: new Set(),
  queue: [],
  lastQueued: 0,
  lastDelivered: 0,
  condensationWanted: false,
};

/** `state` after `event`. An event of unknown kind moves only seq and time. */
export function reduce(state: ConversationState, event: StoredEvent): ConversationState {
  const next: ConversationState = {
    ...state,
    lastSeq: event.seq,
    createdAt: state.createdAt ?? event.timestamp,
    updatedAt: event.timestamp,
  };
  return isKnown(event) ? reduceKnown(next, event) : next;
}

function reduceKnown(state: ConversationState, event: KnownEvent): ConversationState {
  switch (event.kind) {
    case "SystemPromptEvent":
      return { ...state, hasSystemPrompt: true };
    case "MessageEvent":
      if (event.source !== "user") return { ...state, lastAgentSeq: event.seq, condensationWanted: false };
      return {
        ...state,
        statsBefore: state.executionStatus === "running" ? state.statsBefore : state.stats,
        lastUserMessageId: event.id,
        lastUserMessageSeq: event.seq,
        queue: state.queue.filter((message) => message.n !== event.queued),
        lastDelivered: Math.max(state.lastDelivered, event.queued ?? 0),
        title: state.title ?? titleFrom(plainText(event.llm_message.content)),
      };
    case "ActionEvent":
      return {
        ...state,
        lastAgentSeq: event.seq,
        condensationWanted: false,
        openActions: new Map(state.openActions).set(event.tool_call_id, event),
      };
    case "ObservationEvent":
    case "UserRejectObservation":
    case "AgentErrorEvent":
      return { ...state, openActions: without(state.openActions, event.tool_call_id) };
    case "ConversationErrorEvent":
      return { ...state, error: { code: event.code, detail: event.detail } };
    case "ConversationStateUpdateEvent":
      return reduceUpdate(state, event.key, event.value);
    case "CondensationRequest":
      return { ...state, condensationWanted: event.source === "user" || state.condensationWanted };
    case "Condensation":
      return { ...state, condensationWanted: false };
    case "PauseEvent":
    case "InterruptEvent":
      return state;
  }
}

/** Values that do not parse are passed over: a log may come from another version. */
function reduceUpdate(state: ConversationState, key: string, value: unknown): ConversationState {
  switch (key) {
    case "created": {
      const setup = ConversationSetup.safeParse(value);
      if (!setup.success) return state;
      return {
        ...state,
        setup: setup.data,
        title: setup.data.title ?? state.title,
        titleGiven: typeof setup.data.title === "string",
        tags: setup.data.tags,
      };
    }
    case "execution_status": {
      const status = ExecutionStatus.safeParse(value);
      if (!status.success) return state;
      const goesOn = state.executionStatus === "waiting_for_confirmation" || state.cutOff;
      return {
        ...state,
        executionStatus: status.data,
        statsBefore: status.data === "running" && !goesOn ? state.stats : state.statsBefore,
        cutOff: false,
        error: failed(status.data) ? state.error : null,
      };
    }
    case "cut_off":
      return { ...state, cutOff: value === true };
    case "stats": {
      const stats = Stats.safeParse(value);
      return stats.success ? { ...state, stats: stats.data } : state;
    }
    case "confirmation": {
      const confirmation = Confirmation.safeParse(value);
      if (!confirmation.success) return state;
      return {
        ...state,
        approvedCalls: new Set(confirmation.data.tool_call_ids),
        grants: new Set([...state.grants, ...confirmation.data.grants]),
      };
    }
    case "queue": {
      const queue = Queue.safeParse(value);
      if (!queue.success) return state;
      const lastQueued = Math.max(state.lastQueued, ...queue.data.map((message) => message.n));
      // one that was delivered while this was on its way to the log waits no more
      const waiting = queue.data.filter((message) => message.n > state.lastDelivered);
      return { ...state, queue: waiting, lastQueued };
    }
    case "warning":
      return typeof value === "string" ? { ...state, warning: value } : state;
    case "title":
      return typeof value === "string" ? { ...state, title: value, titleGiven: true } : state;
    case "tags": {
      const tags = ConversationSetup.shape.tags.safeParse(value);
      return tags.success ? { ...state, tags: tags.data } : state;
    }
    default:
      return reduceSetup(state, key, value);
  }
}

/** What a conversation was made with can be changed later. */
function reduceSetup(state: ConversationState, key: string, value: unknown): ConversationState {
  const text = typeof value === "string";
  switch (key) {
    case "confirmation_policy": {
      const policy = ConfirmationPolicy.safeParse(value);
      return policy.success ? withSetup(state, { confirmation_policy: policy.data }) : state;
    }
    case "security_analyzer":
      return text || value === null ? withSetup(state, { security_analyzer: value }) : state;
    case "llm_model":
      return text ? withSetup(state, { llm_model: value }) : state;
    case "llm_base_url":
      return text || value === null ? withSetup(state, { llm_base_url: value }) : state;
    default:
      return state;
  }
}

const failed = (status: ExecutionStatus): boolean => status === "error" || status === "stuck";

function withSetup(state: ConversationState, change: Partial<ConversationSetup>): ConversationState {
  return state.setup === null ? state : { ...state, setup: { ...state.setup, ...change } };
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

/** The first words of a message, until a better title is there. */
function titleFrom(message: string): string | null {
  const line = message.trim().split("\n", 1)[0]?.trim() ?? "";
  if (line === "") return null;
  // Cut between words, or between characters.
  return line.length <= 60 ? line : `${line.slice(0, 60).replace(/\s+\S*$|[\uD800-\uDBFF]$/, "")}…`;
}
