/** What was done since the person last spoke, in a form in which repetition shows. Folded from the log. */
import {
  type ActionEvent,
  isKnown,
  type KnownEvent,
  type MessageEvent,
  plainText,
  type StoredEvent,
} from "@openhands/protocol";
import { shellCommands } from "./risk/shell-commands.ts";

export interface RecentStep {
  /** tool and arguments; equal for the same action */
  readonly action: string;
  /** what it returned, without what differs from one time to the next; null while it is open */
  readonly result: string | null;
  readonly failed: boolean;
  /** it waits for something or looks whether it has come: repeating that is what it is for */
  readonly waits: boolean;
}

/** More than any pattern of repetition needs. */
const kept = 20;

export class RecentSteps {
  #steps: (RecentStep & { readonly callId: string })[] = [];
  #said = 0;
  #nudged = false;
  #faults = 0;
  #refusals = 0;

  get steps(): readonly RecentStep[] {
    return this.#steps;
  }

  /** messages of the agent in a row, without an action between them */
  get said(): number {
    return this.#said;
  }

  /** answers in a row that were no use, each told to it */
  get faults(): number {
    return this.#faults;
  }

  /** requests in a row that the model refused as too long */
  get refusals(): number {
    return this.#refusals;
  }

  /** it was told that it repeats itself, and has done nothing else since */
  get nudged(): boolean {
    return this.#nudged;
  }

  push(event: StoredEvent): void {
    if (!isKnown(event)) return;
    switch (event.kind) {
      case "MessageEvent":
        return this.#pushMessage(event);
      case "CondensationRequest":
        if (event.source !== "user") this.#refusals += 1;
        return;
      case "ActionEvent":
        return this.#pushAction(event);
      case "ObservationEvent":
      case "AgentErrorEvent":
      case "UserRejectObservation":
        return this.#pushResult(event);
      default:
        return;
    }
  }

  #pushMessage({ source, about }: MessageEvent): void {
    this.#refusals = 0;
    if (source === "environment" && about === "answer") {
      // an answer that was cut off goes on: that is no talk without action
      this.#said = 0;
      this.#faults += 1;
    } else if (source === "environment") this.#nudged = true;
    else if (source === "agent") this.#said += 1;
    else {
      this.#steps = [];
      this.#said = 0;
      this.#nudged = false;
      this.#faults = 0;
    }
  }

  #pushAction(event: ActionEvent): void {
    const action = `${event.tool_name} ${event.action === null ? event.tool_call.arguments : JSON.stringify(event.action)}`;
    if (!this.#steps.slice(-2).some((step) => step.action === action)) this.#nudged = false;
    this.#said = 0;
    this.#faults = 0;
    this.#refusals = 0;
    const step = { action, result: null, failed: false, waits: waits(event), callId: event.tool_call_id };
    this.#steps = [...this.#steps, step].slice(-kept);
  }

  #pushResult(
    event: Extract<KnownEvent, { kind: "ObservationEvent" | "AgentErrorEvent" | "UserRejectObservation" }>,
  ): void {
    const { failed, text, running } = outcome(event);
    // some models give all their calls one id: what has a result has its own
    this.#steps = this.#steps.map((step) =>
      step.callId === event.tool_call_id && step.result === null
        ? { ...step, result: normalised(text), failed, waits: step.waits || running }
        : step,
    );
  }
}

function outcome(
  event: Extract<KnownEvent, { kind: "ObservationEvent" | "AgentErrorEvent" | "UserRejectObservation" }>,
): { failed: boolean; text: string; running: boolean } {
  if (event.kind === "AgentErrorEvent") return { failed: true, text: event.error, running: false };
  if (event.kind === "UserRejectObservation")
    return { failed: true, text: event.rejection_reason, running: false };
  const { is_error: failed, content, kind, exit_code: exitCode } = event.observation;
  return { failed, text: plainText(content), running: kind === "TerminalObservation" && exitCode === -1 };
}

const pausing: ReadonlySet<string> = new Set(["sleep", "wait", "watch", "inotifywait"]);

/** An empty command or input looks at what runs; `sleep` and its like wait. */
function waits({ action }: ActionEvent): boolean {
  if (action?.kind !== "TerminalAction" || typeof action["command"] !== "string") return false;
  if (action["is_input"] === true || action["command"].trim() === "") return true;
  return shellCommands(action["command"]).commands.some(({ program }) => pausing.has(program));
}

/** Times, durations, addresses and process numbers differ although nothing does. */
function normalised(text: string): string {
  return text
    .replaceAll(/\d{4}-\d{2}-\d{2}[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?/g, "<time>")
    .replaceAll(/\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\b/g, "<time>")
    .replaceAll(/\b\d+(?:\.\d+)?\s?(?:ms|s|sec|seconds|minutes|m\d+(?:\.\d+)?s)\b/g, "<duration>")
    .replaceAll(/0x[0-9a-f]+/gi, "<address>")
    .replaceAll(/^\[\d+\] \d+\s*$/gm, "<job>")
    .replaceAll(/\b(pid|process)\W{0,3}\d+/gi, "$1 <number>");
}
