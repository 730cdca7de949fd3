/**
 * From the log to what is drawn: messages, cards of consecutive steps, errors and notices, and from those, turns.
 * Pure; run again whenever the list of events grows.
 */
import {
  type ActionEvent,
  type AgentErrorEvent,
  type Condensation,
  type ConversationErrorEvent,
  FinishAction,
  isKnown,
  type KnownEvent,
  type MessageEvent,
  type ObservationEvent,
  plainText,
  type StoredEvent,
  ThinkAction,
  type UserRejectObservation,
} from "@openhands/protocol";
import { elapsed } from "../../format/duration.ts";

export type StepAnswer = ObservationEvent | UserRejectObservation | AgentErrorEvent;

/** One action with what came of it; null while nothing has. */
export interface Step {
  readonly action: ActionEvent;
  readonly answer: StepAnswer | null;
}

export function sameSteps(one: readonly Step[], other: readonly Step[]): boolean {
  return (
    one.length === other.length &&
    one.every((step, index) => step.action === other[index]?.action && step.answer === other[index]?.answer)
  );
}

export type FeedItem =
  | {
      readonly type: "message";
      readonly key: string;
      readonly from: "person" | "agent";
      readonly text: string;
      readonly images: readonly string[];
      readonly at: string;
    }
  | { readonly type: "reasoning"; readonly key: string; readonly text: string; readonly at: string }
  | { readonly type: "steps"; readonly key: string; readonly steps: readonly Step[]; readonly at: string }
  | {
      readonly type: "error";
      readonly key: string;
      readonly event: ConversationErrorEvent;
      readonly at: string;
    }
  | { readonly type: "notice"; readonly key: string; readonly text: string; readonly at: string }
  | { readonly type: "event"; readonly key: string; readonly event: StoredEvent; readonly at: string };

/** What is drawn of `events`, in order. Events that only the log shows are left out. */
export function feedItems(events: readonly StoredEvent[]): FeedItem[] {
  const items: GrowingItem[] = [];
  const answers = answersByCall(events);
  for (const event of events) {
    if (!isKnown(event)) {
      items.push({ type: "event", key: event.id, event, at: event.timestamp });
      continue;
    }
    for (const item of itemsOf(event, answers)) append(items, item);
  }
  return items;
}

function answersByCall(events: readonly StoredEvent[]): ReadonlyMap<string, StepAnswer> {
  const answers = new Map<string, StepAnswer>();
  for (const event of events) if (isKnown(event) && isAnswer(event)) answers.set(event.tool_call_id, event);
  return answers;
}

function isAnswer(event: KnownEvent): event is StepAnswer {
  return (
    event.kind === "ObservationEvent" ||
    event.kind === "UserRejectObservation" ||
    event.kind === "AgentErrorEvent"
  );
}

/** Consecutive steps share a card. The card is this call's own until it is given back, so it grows in place. */
function append(items: GrowingItem[], item: FeedItem): void {
  const last = items.at(-1);
  if (item.type === "steps" && last?.type === "steps") last.steps.push(...item.steps);
  else items.push(item.type === "steps" ? { ...item, steps: [...item.steps] } : item);
}

type StepsItem = Extract<FeedItem, { type: "steps" }>;
type GrowingItem = Exclude<FeedItem, StepsItem> | (Omit<StepsItem, "steps"> & { readonly steps: Step[] });

function itemsOf(event: KnownEvent, answers: ReadonlyMap<string, StepAnswer>): FeedItem[] {
  const at = event.timestamp;
  switch (event.kind) {
    case "MessageEvent":
      return messageItems(event);
    case "ActionEvent":
      return actionItems(event, answers);
    case "ConversationErrorEvent":
      return [{ type: "error", key: event.id, event, at }];
    case "PauseEvent":
      return [{ type: "notice", key: event.id, text: "You paused it", at }];
    case "InterruptEvent":
      return [{ type: "notice", key: event.id, text: "You stopped it", at }];
    case "Condensation":
      return [{ type: "notice", key: event.id, text: condensed(event), at }];
    case "ConversationStateUpdateEvent":
      return event.key === "warning" && typeof event.value === "string"
        ? [{ type: "notice", key: event.id, text: event.value, at }]
        : [];
    default:
      return [];
  }
}

/** The person sees everything still: it is the model that is told less. */
function condensed({ summary, forgotten_event_ids: forgotten }: Condensation): string {
  if (forgotten.length === 0) return "The model is told old outputs in short from here on, to make room";
  return summary
    ? "The model is told a summary of what came before, to make room"
    : "The model is no longer told a part of what came before, to make room";
}

function messageItems(event: MessageEvent): FeedItem[] {
  const { content, role, reasoning_content: reasoning } = event.llm_message;
  if (role === "system") return [];
  const images = content.flatMap((part) => (part.type === "image" ? part.image_urls : []));
  const from = event.source === "user" ? "person" : "agent";
  const text = plainText(content);
  const message = { type: "message", key: event.id, from, text, images, at: event.timestamp } as const;
  return [
    ...reasoningItem(event, reasoning),
    ...(text.trim() === "" && images.length === 0 ? [] : [message]),
  ];
}

function actionItems(event: ActionEvent, answers: ReadonlyMap<string, StepAnswer>): FeedItem[] {
  const at = event.timestamp;
  const items = reasoningItem(event, event.reasoning_content);
  const say = (text: string, key: string): void => {
    if (text.trim() !== "") items.push({ type: "message", key, from: "agent", text, images: [], at });
  };
  say(plainText(event.thought), `${event.id}-thought`);
  const finish = FinishAction.safeParse(event.action);
  const think = ThinkAction.safeParse(event.action);
  if (finish.success) say(finish.data.message, event.id);
  else if (think.success) items.push({ type: "reasoning", key: event.id, text: think.data.thought, at });
  else {
    const answer = answers.get(event.tool_call_id) ?? null;
    items.push({ type: "steps", key: event.id, steps: [{ action: event, answer }], at });
  }
  return items;
}

function reasoningItem(event: StoredEvent, text: string | null | undefined): FeedItem[] {
  if (text === null || text === undefined || text.trim() === "") return [];
  return [{ type: "reasoning", key: `${event.id}-reasoning`, text, at: event.timestamp }];
}

/** What follows one message of the person, that message included. */
export interface Turn {
  readonly key: string;
  readonly request: FeedItem | null;
  /** what it did on the way */
  readonly work: readonly FeedItem[];
  /** what it said at the end, and what ended it */
  readonly answer: readonly FeedItem[];
  readonly stepCount: number;
  /** milliseconds from the request to the last item; null when it cannot be told */
  readonly time: number | null;
}

/** A message of the person that comes in the middle of a run steers it, and still starts a turn of its own. */
export function turns(items: readonly FeedItem[]): Turn[] {
  const groups: FeedItem[][] = [];
  for (const item of items) {
    const group = groups.at(-1);
    if (!group || (item.type === "message" && item.from === "person")) groups.push([item]);
    else group.push(item);
  }
  return groups.map(turnOf);
}

function turnOf(group: readonly FeedItem[]): Turn {
  const first = group[0];
  const request = first?.type === "message" && first.from === "person" ? first : null;
  const rest = request ? group.slice(1) : group;
  const lastStep = rest.findLastIndex((item) => item.type === "steps");
  const stepCount = rest.reduce((count, item) => count + (item.type === "steps" ? item.steps.length : 0), 0);
  return {
    key: first?.key ?? "empty",
    request,
    work: rest.slice(0, lastStep + 1),
    answer: rest.slice(lastStep + 1),
    stepCount,
    time: elapsed(first?.at ?? "", group.at(-1)?.at ?? ""),
  };
}
