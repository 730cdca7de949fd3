/** One step of thinking: a request to a model, its streamed answer, what it cost. */
import type { LanguageModelV4FunctionTool, LanguageModelV4Prompt } from "@ai-sdk/provider";
import type { LlmState, ModelFacts, OwnModelFacts, StoredEvent, TokenUsage } from "@openhands/protocol";

/**
 * The conversation in no provider's form. A message keeps its identity from request to request, for what was made of it
 * is kept; who wrote an answer is told by `writtenBy`.
 */
export type Prompt = LanguageModelV4Prompt;
export type ToolSpec = LanguageModelV4FunctionTool;

export interface ModelRequest {
  readonly prompt: Prompt;
  readonly tools: readonly ToolSpec[];
  /** texts at which the model stops, themselves left out */
  readonly stop?: readonly string[];
}

/** A call as the model wrote it; `arguments` is meant to be JSON and may not be. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface ModelAnswer {
  readonly responseId: string;
  readonly text: string;
  readonly reasoning: string;
  /** what the model wants to see again of this answer; null where there is nothing */
  readonly state: LlmState | null;
  readonly toolCalls: readonly ToolCall[];
  /** what the person should know of the request, a sentence each; default: nothing */
  readonly warnings?: readonly string[];
  /** "length" and "content-filter" are told apart because the loop says so to the person */
  readonly end: "stop" | "tool-calls" | "length" | "content-filter" | "other";
  readonly tokens: TokenUsage;
  /** US dollars; null where the price or the tokens are not known */
  readonly cost: number | null;
  /** what the cost is reckoned with, e.g. the catalogue with its date; null where it is not known */
  readonly priceSource: string | null;
  readonly timing: AnswerTiming;
}

/** What a try took and cost. */
export type Spent = Pick<ModelAnswer, "tokens" | "cost" | "priceSource" | "timing">;

/** Of the try that it is told with. */
export interface AnswerTiming {
  /** ISO 8601, UTC */
  readonly endedAt: string;
  /** from the request to the first part of the answer; null where it had none */
  readonly firstTokenMs: number | null;
  readonly totalMs: number;
}

export interface AnswerDelta {
  readonly text?: string;
  readonly reasoning?: string;
}

export interface AskOptions {
  /** aborts the model's socket; the promise then rejects with the signal's reason */
  readonly signal: AbortSignal;
  readonly onDelta: (delta: AnswerDelta) => void;
  /** A try failed and another follows after a wait. Text streamed so far in this step is void. */
  readonly onRetry: (wait: RetryWait) => void;
  /** A try begins; what was waited for is over. */
  readonly onTry?: () => void;
  /** A try brought an answer that is no use, and that the provider charges all the same. */
  readonly onUseless?: (spent: Spent) => void;
}

/** What is waited for between two tries. */
export interface RetryWait {
  readonly kind: FailureKind;
  /** what happened and what to do, for the person */
  readonly detail: string;
  readonly seconds: number;
  /** the try that failed, from 1 */
  readonly attempt: number;
  /** tries there will be at most */
  readonly attempts: number;
  /** Ends the wait; the next try begins. */
  readonly now: () => void;
}

export interface Model {
  /** the name as the user wrote it */
  readonly name: string;
  /** what is known of it; read from the catalogue when first asked for */
  readonly facts: ModelFacts;
  /** One step, tries included. @throws ModelError after the last try */
  ask(request: ModelRequest, options: AskOptions): Promise<ModelAnswer>;
}

/**
 * - native: as the provider's wire has them
 * - text: described in the system prompt, and calls are read from the text
 * - auto: native, until the provider says that the model takes none
 */
export type ToolProtocol = "auto" | "native" | "text";

/** The events of a recorded conversation that a person names; rejects with a sentence on what is wrong with it. */
export type ReadRecording = (name: string) => Promise<readonly StoredEvent[]>;

/** What a model needs; the key is asked for at the moment of the call and kept nowhere. */
export interface ModelSettings {
  readonly name: string;
  readonly baseUrl: string | null;
  readonly apiKey: () => Promise<string | null>;
  readonly limits: ModelLimits;
  /** what the person says of the model; stands before the catalogue. Default: nothing */
  readonly facts?: OwnModelFacts | null;
  /** reads what `replay/…` names; default: there is nothing to play again */
  readonly recordings?: ReadRecording;
  /** how the model is given tools; default: "auto" */
  readonly toolProtocol?: ToolProtocol;
}

/** How long one try may take. */
export interface TimeLimits {
  readonly firstByteSeconds: number;
  /** without a part of the answer, once it has begun */
  readonly silenceSeconds: number;
  /** to the end of the answer; default: as long as it takes */
  readonly callSeconds?: number;
}

export interface ModelLimits extends TimeLimits {
  readonly attempts: number;
  /** in place of the others where the model runs on hardware of the person's own; default: the others */
  readonly local?: TimeLimits;
}

/** The closed list that every provider's failure is sorted into. */
export type FailureKind =
  | "auth"
  | "quota"
  | "rate_limit"
  | "overloaded"
  | "timeout"
  | "context_overflow"
  | "content_filter"
  | "bad_request"
  | "network"
  | "empty"
  | "malformed";

/** A model call failed for good. `message` says what happened and what the person should do; it holds no key. */
export class ModelError extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ModelError";
    this.kind = kind;
  }
}
