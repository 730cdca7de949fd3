/**
 * What the page knows of one conversation, and how it changes. Pure: the session feeds it what the socket says, in the
 * order in which it was said.
 */
import {
  ConfirmationPolicy,
  type ConversationInfo,
  type ConversationState,
  type ConversationStateUpdateEvent,
  emptyState,
  isKnown,
  type KnownEvent,
  type Queue,
  reduce,
  Stats,
  type StoredEvent,
  type TransientEvent,
} from "@openhands/protocol";

/** Of the answer that is being written; never stored. */
export interface StreamingText {
  readonly content: string;
  readonly reasoning: string;
}

/** What the tool that runs has printed; its observation takes the place. */
export interface LiveOutput {
  readonly actionId: string;
  readonly text: string;
}

export type Connection = "loading" | "connecting" | "open" | "waiting" | "stopped";

export interface ConversationView {
  /** without holes, from the oldest loaded to the newest */
  readonly events: readonly StoredEvent[];
  /** false once the first event of the log is among them */
  readonly hasEarlier: boolean;
  /** null until the server has told it */
  readonly info: ConversationInfo | null;
  /** the fold of the loaded events: what is open, and what changed since `info` was told */
  readonly folded: ConversationState;
  readonly streaming: StreamingText;
  readonly liveOutput: LiveOutput | null;
  /** tokens that the conversation had when the model was last asked; null while that is not known */
  readonly contextTokens: number | null;
  readonly connection: Connection;
  /** why nothing can be shown */
  readonly failure: { readonly code: string; readonly detail: string } | null;
  /** what the server could not do with something of ours */
  readonly warning: string | null;
  /** messages that the person has sent from here: with each the view goes to the end */
  readonly sent: number;
}

/** Characters of a running tool's output that are kept here; all of it comes with the observation. */
const longestLiveOutput = 64_000;

export const noStreaming: StreamingText = { content: "", reasoning: "" };

export const emptyView: ConversationView = {
  events: [],
  hasEarlier: false,
  info: null,
  folded: emptyState,
  streaming: noStreaming,
  liveOutput: null,
  contextTokens: null,
  connection: "loading",
  failure: null,
  warning: null,
  sent: 0,
};

export type ViewUpdate =
  | { readonly type: "event"; readonly event: StoredEvent }
  | { readonly type: "transient"; readonly event: TransientEvent }
  | { readonly type: "connection"; readonly connection: Connection };

/** `view` after `updates`, in order. */
export function applyUpdates(view: ConversationView, updates: readonly ViewUpdate[]): ConversationView {
  const arrived = updates.flatMap((update) => (update.type === "event" ? [update.event] : []));
  const events = arrived.length === 0 ? view.events : [...view.events, ...arrived];
  return { ...updates.reduce(applyUpdate, view), events };
}

function applyUpdate(view: ConversationView, update: ViewUpdate): ConversationView {
  switch (update.type) {
    case "event":
      return applyEvent(view, update.event);
    case "transient":
      return applyTransient(view, update.event);
    case "connection": {
      // A lost connection counts as lost until it is back, not only between two tries.
      if (update.connection === "connecting" && view.connection === "waiting") return view;
      // A new connection is told the text of a running answer, and what a tool prints, from the start.
      if (update.connection !== "open") return { ...view, connection: update.connection };
      return { ...view, connection: "open", streaming: noStreaming, liveOutput: null };
    }
  }
}

function applyEvent(view: ConversationView, event: StoredEvent): ConversationView {
  const folded = reduce(view.folded, event);
  const next: ConversationView = { ...view, folded };
  if (!isKnown(event)) return next;
  if (event.kind === "ConversationStateUpdateEvent") {
    const info = view.info && infoAfter(view.info, event, folded);
    return { ...next, info, contextTokens: contextAfter(view.contextTokens, event) };
  }
  if (event.kind === "ObservationEvent" || event.kind === "AgentErrorEvent")
    return { ...next, liveOutput: null };
  return endsStreaming(event) ? { ...next, streaming: noStreaming } : next;
}

/** What is stored of an answer takes the place of what was streamed. A person's message in between does not. */
function endsStreaming(event: KnownEvent): boolean {
  return event.kind === "ActionEvent" || (event.kind === "MessageEvent" && event.source !== "user");
}

function infoAfter(
  info: ConversationInfo,
  { key, value }: ConversationStateUpdateEvent,
  folded: ConversationState,
): ConversationInfo {
  switch (key) {
    case "execution_status":
      return { ...info, execution_status: folded.executionStatus, error: folded.error };
    case "stats":
      return { ...info, stats: folded.stats };
    case "title":
      return { ...info, title: folded.title };
    // The fold may begin after what it was made with: these are taken as they come.
    case "llm_model":
      return { ...info, llm_model: typeof value === "string" ? value : info.llm_model };
    case "confirmation_policy":
      return {
        ...info,
        confirmation_policy: ConfirmationPolicy.safeParse(value).data ?? info.confirmation_policy,
      };
    default:
      return info;
  }
}

function applyTransient(view: ConversationView, event: TransientEvent): ConversationView {
  switch (event.kind) {
    case "StreamingDeltaEvent": {
      // `reset`: the answer was broken off and is asked for again.
      const before = event.reset === true ? noStreaming : view.streaming;
      return {
        ...view,
        streaming: {
          content: before.content + (event.content ?? ""),
          reasoning: before.reasoning + (event.reasoning_content ?? ""),
        },
      };
    }
    case "ConversationStateUpdateEvent": {
      const running = event.value.execution_status === "running";
      const contextTokens = contextOf(event.value.stats) ?? view.contextTokens;
      const told = { ...view, info: event.value, contextTokens };
      return running ? told : { ...told, streaming: noStreaming, liveOutput: null };
    }
    case "ToolOutputDeltaEvent": {
      const before =
        view.liveOutput?.actionId === event.action_id && !event.reset ? view.liveOutput.text : "";
      const text = (before + event.content).slice(-longestLiveOutput);
      return { ...view, liveOutput: { actionId: event.action_id, text } };
    }
    case "ServerErrorEvent":
      return { ...view, warning: event.detail };
  }
}

/** `view` with an earlier page before what is there. */
export function withEarlier(
  view: ConversationView,
  page: readonly StoredEvent[],
  hasEarlier: boolean,
): ConversationView {
  const first = view.events[0]?.seq ?? Number.POSITIVE_INFINITY;
  return { ...view, events: [...page.filter((event) => event.seq < first), ...view.events], hasEarlier };
}

/** Events from which the oldest are let go, and how many stay then. */
const mostEvents = 400;
const keptEvents = 200;

/**
 * `view` without its oldest events where it has become long: whoever wants them loads them again. For a reader at the
 * end, so that a conversation of any length stays light.
 */
export function withoutOldest(view: ConversationView): ConversationView {
  if (view.events.length <= mostEvents) return view;
  return { ...view, events: view.events.slice(-keptEvents), hasEarlier: true };
}

/** The newest page of the log, as a start. */
export interface LatestPage {
  readonly events: readonly StoredEvent[];
  readonly hasEarlier: boolean;
  /** as the server has it; null where the page holds the whole log */
  readonly queue: Queue | null;
}

export function withLatest(view: ConversationView, latest: LatestPage): ConversationView {
  const { events, hasEarlier } = latest;
  const folded = events.reduce(reduce, emptyState);
  const queue = latest.queue ?? folded.queue;
  const contextTokens = events.reduce(contextAfter, view.contextTokens);
  return { ...view, events, hasEarlier, folded: { ...folded, queue }, contextTokens, failure: null };
}

/** A call of the agent itself read the whole conversation, and its answer will be read with the next. */
function contextAfter(tokens: number | null, event: StoredEvent): number | null {
  if (!isKnown(event) || event.kind !== "ConversationStateUpdateEvent" || event.key !== "stats")
    return tokens;
  return contextOf(Stats.safeParse(event.value).data) ?? tokens;
}

function contextOf(stats: Stats | undefined): number | null {
  const call = stats?.last_call;
  if (!call || call.usage_id !== "agent") return null;
  return call.tokens.prompt_tokens + call.tokens.completion_tokens;
}
