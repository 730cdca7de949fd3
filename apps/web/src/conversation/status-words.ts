/** What is happening, in words: the one place where statuses become sentences. */
import type {
  ActionEvent,
  ExecutionStatus,
  RetryState,
  SandboxState,
  SandboxStatus,
  WaitState,
} from "@openhands/protocol";
import { modelWord } from "../format/model-word.ts";

/** now: at work; wait: needs the person; the others as they are called */
export type Tone = "now" | "wait" | "good" | "bad" | "idle";

export interface StatusWords {
  readonly words: string;
  readonly tone: Tone;
  /** ISO time since when, for what is waited for */
  readonly since: string | null;
  /** ISO time at which the wait ends by itself; null where that is not known */
  readonly until: string | null;
}

export interface Happening {
  readonly executionStatus: ExecutionStatus;
  readonly sandbox: SandboxState | null;
  /** who is waited for; null when nobody is */
  readonly wait: WaitState | null;
  /** between two tries of a model call */
  readonly retry: RetryState | null;
  /** it pauses before the model is asked again */
  readonly pausing: boolean;
  /** the action that is being worked on */
  readonly openAction: ActionEvent | null;
  /** text of the answer that is being streamed */
  readonly streaming: { readonly content: string; readonly reasoning: string };
  /** time of the newest event */
  readonly lastEventAt: string | null;
  readonly hasMessages: boolean;
  /** the server's own sentence for what is waited for, e.g. while it condenses */
  readonly notice: string | null;
}

export function statusWords(happening: Happening): StatusWords {
  const settled = (words: string, tone: Tone): StatusWords => ({ words, tone, since: null, until: null });
  switch (happening.executionStatus) {
    case "running":
      return runningWords(happening);
    case "idle":
      return settled(happening.hasMessages ? "Ready" : "Waiting for your first message", "idle");
    case "paused":
      return { ...settled("Paused", "wait"), since: happening.lastEventAt };
    case "waiting_for_confirmation":
      return { ...settled("Waiting for you", "wait"), since: happening.wait?.since ?? happening.lastEventAt };
    case "finished":
      return settled("Finished", "good");
    case "error":
      return settled("Stopped by an error", "bad");
    case "stuck":
      return settled("Stuck", "bad");
  }
}

function runningWords(happening: Happening): StatusWords {
  const { wait, retry, notice } = happening;
  const now = (words: string, since: string | null, until: string | null = null): StatusWords => ({
    words: happening.pausing ? `Pausing after this: ${lowerFirst(words)}` : words,
    tone: "now",
    since,
    until,
  });
  if (retry) return now(`Asking ${modelWord(wait?.what ?? "the model")} again`, null, retry.until);
  if (notice !== null) return now(notice.replace(/\.$/, ""), null);
  if (wait === null) return now("Working", happening.lastEventAt);
  return now(waitWords(wait, happening), sinceOf(wait, happening));
}

/** What is written needs no clock: it is seen to go on. */
function sinceOf(wait: WaitState, { streaming }: Happening): string | null {
  return wait.who === "model" && streaming.content !== "" ? null : wait.since;
}

function waitWords({ who, what }: WaitState, { sandbox, openAction, streaming }: Happening): string {
  switch (who) {
    case "sandbox":
      return sandbox && isStarting(sandbox.status) ? sandboxWords(sandbox) : "Waiting for the sandbox";
    case "tool":
      return openAction ? actionWords(openAction) : `Using ${what}`;
    case "person":
      return "Waiting for you";
    case "model":
      if (streaming.content !== "") return "Writing";
      return streaming.reasoning === "" ? `Waiting for ${modelWord(what)}` : "Thinking";
  }
}

const lowerFirst = (words: string): string => words.slice(0, 1).toLowerCase() + words.slice(1);

function actionWords(action: ActionEvent): string {
  switch (action.action?.kind) {
    case "TerminalAction":
      return "Running a command";
    case "FileEditorAction":
      return action.action["command"] === "view" ? "Reading a file" : "Editing a file";
    case "ThinkAction":
      return "Thinking";
    case "FinishAction":
      return "Finishing";
    default:
      return `Using ${action.tool_name}`;
  }
}

const starting: ReadonlySet<SandboxStatus> = new Set(["queued", "preparing_image", "creating", "starting"]);

/** True while the sandbox is on its way to ready. */
export function isStarting(status: SandboxStatus): boolean {
  return starting.has(status);
}

const sandboxHeads: Readonly<Record<SandboxStatus, string>> = {
  none: "No sandbox yet",
  queued: "Waiting for a sandbox",
  preparing_image: "Preparing the image",
  creating: "Creating the sandbox",
  starting: "Starting the sandbox",
  ready: "Sandbox ready",
  suspended: "Sandbox asleep",
  error: "Sandbox failed",
};

/**
 * E.g. `Preparing the image: step 4 of 9, 40 %`. What the server says is only told while something is under way; where
 * it says a whole sentence, that is enough.
 */
export function sandboxWords(sandbox: SandboxState): string {
  const head = sandboxHeads[sandbox.status];
  if (!isStarting(sandbox.status)) return head;
  const message = (sandbox.message ?? "").replace(/[.…]+$/, "");
  const sentence = /^\p{Lu}/u.test(message);
  const position = sandbox.position ? `${ordinal(sandbox.position)} in line` : "";
  const progress = typeof sandbox.progress === "number" ? `${Math.round(sandbox.progress)} %` : "";
  if (sandbox.status === "queued") return position === "" ? head : `${head}: ${position}`;
  const told = (parts: readonly string[]): string => parts.filter((part) => part !== "").join(", ");
  if (sentence) return told([message, progress]);
  const details = told([message, progress]);
  return details === "" ? head : `${head}: ${details}`;
}

const ordinals = new Intl.PluralRules("en", { type: "ordinal" });
const endings: Readonly<Record<Intl.LDMLPluralRule, string>> = {
  zero: "th",
  one: "st",
  two: "nd",
  few: "rd",
  many: "th",
  other: "th",
};

/** `1st`, `2nd`, `11th`. */
const ordinal = (place: number): string => `${place}${endings[ordinals.select(place)]}`;
