/**
 * What the tool that runs prints, on its way to who looks on. Never stored: the observation that follows says it. Secrets
 * are taken out across the borders of its pieces; a frame goes out each tenth of a second at most, so a quick tool costs
 * none; and of what comes faster than anybody reads only the end is sent and kept.
 */
import type { ToolOutputDeltaEvent } from "@openhands/protocol";
import type { Redactor } from "@openhands/store";

/** Which call it is that prints. */
export type PrintingCall = Pick<ToolOutputDeltaEvent, "action_id" | "tool_name" | "tool_call_id">;

export interface LiveOutputOptions {
  readonly redactor: Redactor;
  readonly publish: (event: ToolOutputDeltaEvent) => void;
}

const betweenFrames = 100;
/** Characters kept for who comes in late, and sent at once. */
const longestShown = 16_000;
/**
 * Milliseconds of silence after which the last few characters are shown, though a secret begins like them: of a server
 * that listens on port 3000 the last figure must not be missing. Who looks on is sent all anew when it goes on.
 */
const settled = 400;
const mostUndecided = 3;

export class LiveOutput {
  readonly #options: LiveOutputOptions;
  #printing: Printing | null = null;

  constructor(options: LiveOutputOptions) {
    this.#options = options;
  }

  push(call: PrintingCall, text: string): void {
    if (this.#printing?.call.action_id !== call.action_id) this.end();
    this.#printing ??= new Printing(call, this.#options);
    this.#printing.push(text);
  }

  /** For who comes in while it prints: the text so far, or its end; null where nothing prints. */
  soFar(): ToolOutputDeltaEvent | null {
    return this.#printing?.soFar() ?? null;
  }

  /** The tool has ended, or nobody knows any more. */
  end(): void {
    this.#printing?.end();
    this.#printing = null;
  }
}

/** The output of one call. */
class Printing {
  readonly call: PrintingCall;
  readonly #publish: LiveOutputOptions["publish"];
  readonly #filter: ReturnType<Redactor["stream"]>;
  #shown = "";
  #unsent = "";
  #timer: NodeJS.Timeout | null = null;
  #settling: NodeJS.Timeout | null = null;
  /** what was last sent holds more than is decided */
  #sentUndecided = false;

  constructor(call: PrintingCall, { redactor, publish }: LiveOutputOptions) {
    this.call = call;
    this.#publish = publish;
    this.#filter = redactor.stream();
  }

  push(text: string): void {
    const clean = this.#filter.push(text);
    this.#settleLater();
    if (clean === "") return;
    this.#shown = lastPart(this.#shown + clean);
    // one more than fits tells that it does not
    this.#unsent = (this.#unsent + clean).slice(-longestShown - 1);
    this.#timer ??= setTimeout(() => this.#send(), betweenFrames);
  }

  soFar(): ToolOutputDeltaEvent {
    return this.#event({ content: this.#shown + this.#undecided(), reset: true });
  }

  end(): void {
    for (const timer of [this.#timer, this.#settling]) if (timer !== null) clearTimeout(timer);
  }

  /** What is held back, where it is short. */
  #undecided(): string {
    const held = this.#filter.held();
    return held.replaceAll(/\s/g, "").length <= mostUndecided ? held : "";
  }

  #settleLater(): void {
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#settling = this.#undecided() === "" ? null : setTimeout(() => this.#send(), settled);
  }

  #send(): void {
    const isSettled = this.#timer === null;
    this.#timer = null;
    const content = this.#unsent;
    this.#unsent = "";
    const all = isSettled || this.#sentUndecided || content.length > longestShown;
    this.#publish(all ? this.soFar() : this.#event({ content }));
    this.#sentUndecided = all && this.#undecided() !== "";
  }

  #event(part: { content: string; reset?: true }): ToolOutputDeltaEvent {
    return {
      id: crypto.randomUUID(),
      timestamp: new Date().toISOString(),
      source: "environment",
      kind: "ToolOutputDeltaEvent",
      ...this.call,
      ...part,
    };
  }
}

/** The end of `text`, from a line's start where there is one, behind a sign that something is missing. */
function lastPart(text: string): string {
  if (text.length <= longestShown) return text;
  const end = text.slice(-longestShown + 2);
  return `…\n${end.slice(end.indexOf("\n") + 1)}`;
}
