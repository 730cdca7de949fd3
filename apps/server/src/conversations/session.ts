/**
 * One conversation in memory: its open log, the state folded from it, who listens, its sandbox and its run. It knows
 * how these hang together; what can be done with a conversation is in the verbs beside it.
 */
import type { Context } from "@openhands/agent";
import {
  AppError,
  type ConversationInfo,
  type ConversationMetadata,
  type ConversationSetup,
  type ConversationState,
  emptyState,
  type EventDraft,
  type FullStateEvent,
  reduce,
  type RetryState,
  type StoredEvent,
  type StreamingDeltaEvent,
  type TransientEvent,
  waitsFor,
} from "@openhands/protocol";
import type { AnswerDelta, RetryWait } from "@openhands/models";
import { createInOrder, type EventLog, type InOrder, type Redactor } from "@openhands/store";
import { Hub } from "../hub.ts";
import type { SandboxKeeper } from "../sandboxes/sandbox-keeper.ts";
import type { CurrentModel } from "./current-model.ts";
import { conversationInfo, metadataOf } from "./conversation-info.ts";
import { LiveOutput } from "./live-output.ts";
import { sandboxLogLine } from "./sandbox-log.ts";

/** A run that is going. */
export interface ActiveRun {
  readonly controller: AbortController;
  pauseRequested: boolean;
  /** it was stopped, or its end is being written: what is asked for now needs another run */
  ending: boolean;
  /** no turn, but the telling in short that a person wishes for: messages are taken meanwhile */
  readonly condensing: boolean;
  /** a message has come that is to be answered when this is done */
  wanted: boolean;
  /** resolves when the run has ended and its end is on disk; never rejects */
  readonly done: Promise<void>;
  /** null until it has caught up with the log */
  context: Context | null;
  /** null until the run has one */
  model: CurrentModel | null;
}

export interface SessionOptions {
  readonly log: EventLog;
  /** stands before what is streamed; the log has its own */
  readonly redactor: Redactor;
  /** the model's name where the conversation names none */
  readonly defaultModel: () => string;
  /** of its log and what lies beside it */
  readonly folder: string;
  /** told of each stored event, for what is kept beside the log */
  readonly onChange: (session: Session, event: StoredEvent) => void;
}

export class Session {
  readonly log: EventLog;
  readonly hub = new Hub();
  /** what the tool that runs prints */
  readonly toolOutput: LiveOutput;
  readonly #options: SessionOptions;
  #state: ConversationState = emptyState;
  #sandbox: SandboxKeeper | null = null;
  #streamed: AnswerDelta = {};
  #filters: Record<keyof AnswerDelta, ReturnType<Redactor["stream"]>>;
  #notice: string | null = null;
  #retry: { readonly state: RetryState; readonly now: () => void } | null = null;
  run: ActiveRun | null = null;
  /**
   * What depends on whether a run is going or actions wait, one after the other: else two messages would both reject
   * the same actions.
   */
  readonly inOrder: InOrder = createInOrder();
  /**
   * What is done to the messages that wait for the end of a turn, one after the other: else one is delivered as it was
   * before a change of which the person was told that it is done.
   */
  readonly lineInOrder: InOrder = createInOrder();
  readonly #closing = new AbortController();
  #afterRun: Promise<void> = Promise.resolve();
  /** who holds it for longer than a call */
  #users = 0;

  private constructor(options: SessionOptions) {
    this.log = options.log;
    this.#options = options;
    this.#filters = filters(options.redactor);
    this.toolOutput = new LiveOutput({
      redactor: options.redactor,
      publish: (event) => this.hub.publish(event),
    });
  }

  /** Folds the log, then follows it. */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(options);
    for await (const event of options.log.read()) session.#state = reduce(session.#state, event);
    options.log.subscribe((event) => session.#follow(event));
    return session;
  }

  /** aborted when the conversation is being deleted or the server stops: no run begins any more */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** what is still done after the last run ended (its trajectory); never rejects */
  get afterRun(): Promise<void> {
    return this.#afterRun;
  }

  set afterRun(work: Promise<void>) {
    const use = this.use();
    this.#afterRun = work.finally(() => use[Symbol.dispose]());
  }

  /** While the returned is not disposed of, it stays in memory. */
  use(): Disposable {
    this.#users += 1;
    let used = true;
    return {
      [Symbol.dispose]: () => {
        if (used) this.#users -= 1;
        used = false;
      },
    };
  }

  /** A run is going or followed up, somebody listens, or holds it. */
  get isInUse(): boolean {
    return this.run !== null || this.hub.size > 0 || this.#users > 0;
  }

  beginToClose(): void {
    this.#closing.abort(new Error("the conversation is being closed"));
  }

  get state(): ConversationState {
    return this.#state;
  }

  /** actions wait for a person, and no turn is going */
  get waiting(): boolean {
    return (this.run?.condensing ?? true) && this.#state.executionStatus === "waiting_for_confirmation";
  }

  get setup(): ConversationSetup {
    if (this.#state.setup !== null) return this.#state.setup;
    throw new AppError(
      "wrong_state",
      "The first event of this conversation can't be read, so it can be looked at but not continued.",
    );
  }

  get sandbox(): SandboxKeeper {
    if (this.#sandbox !== null) return this.#sandbox;
    throw new AppError(
      "wrong_state",
      "This conversation has no sandbox: the first event of its log can't be read.",
    );
  }

  attachSandbox(keeper: SandboxKeeper): void {
    this.#sandbox = keeper;
  }

  /** A run has ended: the sandbox is idle from now on, and not waited for. */
  rest(): void {
    this.#sandbox?.stopWaiting();
    this.#sandbox?.rest();
  }

  get metadata(): ConversationMetadata {
    const metadata = metadataOf(this.log.conversationId, this.#state);
    // A run whose end could not be written (a full disk) is not running any more.
    const lost = metadata.execution_status === "running" && this.run === null;
    return lost ? { ...metadata, execution_status: "paused" } : metadata;
  }

  get info(): ConversationInfo {
    const sandbox = this.#sandbox?.state ?? null;
    const defaultModel = this.#options.defaultModel();
    const model = this.#state.setup?.llm_model ?? defaultModel;
    return conversationInfo(this.metadata, {
      ...(sandbox === null ? {} : { sandbox }),
      notice: this.#notice,
      retry: this.#retry?.state ?? null,
      waitsFor: waitsFor({ state: this.#state, running: this.run !== null, sandbox, model }),
      pausing: this.#state.executionStatus === "running" && this.run?.pauseRequested === true,
      defaultModel,
      folder: this.#options.folder,
    });
  }

  async append(drafts: readonly EventDraft[]): Promise<StoredEvent[]> {
    return await this.log.append(drafts);
  }

  /** What is waited for beyond the statuses; null when nothing. */
  notice(sentence: string | null): void {
    const clean = sentence === null ? null : this.#options.redactor.text(sentence);
    if (this.#notice === clean) return;
    this.#notice = clean;
    this.announce();
  }

  /** Begins the next try of the model call; null when none is waited for. */
  get retryNow(): (() => void) | null {
    return this.#retry?.now ?? null;
  }

  /** What is waited for between two tries of a model call; null when nothing. */
  waitForRetry(wait: RetryWait | null): void {
    if (wait === null && this.#retry === null) return;
    this.#retry = wait && { state: retryState(wait, this.#options.redactor), now: wait.now };
    this.announce();
  }

  /** Sends the whole state to who listens. */
  announce(): void {
    this.hub.publish(this.fullState());
  }

  fullState(): FullStateEvent {
    return {
      ...transient(),
      source: "environment",
      kind: "ConversationStateUpdateEvent",
      key: "full_state",
      value: this.info,
    };
  }

  /** What may be the start of a secret is held back until it is known to be none. */
  stream(delta: AnswerDelta): void {
    for (const part of ["text", "reasoning"] as const) {
      const clean = delta[part] === undefined ? "" : this.#filters[part].push(delta[part]);
      if (clean === "") continue;
      this.#streamed = { ...this.#streamed, [part]: (this.#streamed[part] ?? "") + clean };
      this.hub.publish(deltaEvent({ [part]: clean }));
    }
  }

  /** What was streamed since the last stored event is void. */
  resetStream(): void {
    this.toolOutput.end();
    const streamed = this.#answerSoFar() !== null;
    this.#clearStream();
    if (streamed) this.hub.publish({ ...deltaEvent({}), reset: true });
  }

  /** For who comes in mid-stream: the answer so far, and the output so far. */
  streamedSoFar(): TransientEvent[] {
    return [this.#answerSoFar(), this.toolOutput.soFar()].filter((event) => event !== null);
  }

  #answerSoFar(): StreamingDeltaEvent | null {
    return this.#streamed.text === undefined && this.#streamed.reasoning === undefined
      ? null
      : deltaEvent(this.#streamed);
  }

  #clearStream(): void {
    this.#streamed = {};
    this.#filters = filters(this.#options.redactor);
  }

  #follow(event: StoredEvent): void {
    const before = this.#state;
    this.#state = reduce(before, event);
    this.run?.context?.push(event);
    if (event.kind === "MessageEvent" || event.kind === "ActionEvent") {
      if (event.source === "agent") this.#clearStream();
    }
    if (event.kind === "ObservationEvent" || event.kind === "AgentErrorEvent") this.toolOutput.end();
    const line = sandboxLogLine(event);
    if (line !== null) this.#sandbox?.log(line);
    this.hub.publish(event);
    if (before.executionStatus !== this.#state.executionStatus || before.title !== this.#state.title)
      this.announce();
    this.#options.onChange(this, event);
  }
}

function retryState({ kind, detail, attempt, attempts, seconds }: RetryWait, redactor: Redactor): RetryState {
  const until = new Date(Date.now() + seconds * 1000).toISOString();
  return { kind, detail: redactor.text(detail), attempt, attempts, until };
}

const filters = (redactor: Redactor) => ({ text: redactor.stream(), reasoning: redactor.stream() });

const transient = () => ({ id: crypto.randomUUID(), timestamp: new Date().toISOString() });

function deltaEvent(delta: AnswerDelta): StreamingDeltaEvent {
  return {
    ...transient(),
    source: "agent",
    kind: "StreamingDeltaEvent",
    ...(delta.text === undefined ? {} : { content: delta.text }),
    ...(delta.reasoning === undefined ? {} : { reasoning_content: delta.reasoning }),
  };
}
