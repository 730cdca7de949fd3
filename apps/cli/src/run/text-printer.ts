/** A run as a person reads it: the agent's words as they come, one line an action, one line for what went wrong. */
import {
  type ActionEvent,
  FinishAction,
  isKnown,
  type KnownEvent,
  type MessageEvent,
  type ObservationEvent,
  plainText,
  type StoredEvent,
  TerminalObservation,
  type TransientEvent,
} from "@openhands/protocol";
import { describeAction } from "./describe-action.ts";
import { plain } from "./plain-text.ts";
import type { Printer, Write } from "./printer.ts";

export interface TextPrinterOptions {
  readonly write: Write;
  /** the output shows colours */
  readonly colours: boolean;
  /** the person's messages are shown too */
  readonly showsPerson: boolean;
}

export class TextPrinter implements Printer {
  readonly #options: TextPrinterOptions;
  /** of the answer that is being streamed */
  #streamed = "";
  #atLineStart = true;

  constructor(options: TextPrinterOptions) {
    this.#options = options;
  }

  event(event: StoredEvent): void {
    if (isKnown(event)) this.#known(event);
  }

  transient(event: TransientEvent): void {
    if (event.kind !== "StreamingDeltaEvent") return;
    if (event.reset === true) this.#breakOff();
    const text = event.content ?? "";
    this.#streamed += text;
    this.#write(plain(text));
  }

  #known(event: KnownEvent): void {
    switch (event.kind) {
      case "MessageEvent":
        return this.#message(event);
      case "ActionEvent":
        return this.#action(event);
      case "ObservationEvent":
        return this.#observation(event);
      case "AgentErrorEvent":
        return this.#line(`  ! ${firstLine(event.error)}`, "31");
      case "UserRejectObservation":
        return this.#line(`  rejected: ${firstLine(event.rejection_reason)}`, "33");
      default:
        return;
    }
  }

  #message({ source, llm_message: { content } }: MessageEvent): void {
    if (source === "agent") this.#say(plainText(content));
    else if (this.#options.showsPerson) this.#line(`> ${plainText(content).replaceAll("\n", "\n> ")}`, "1");
  }

  #action(event: ActionEvent): void {
    this.#say(plainText(event.thought));
    const finish = FinishAction.safeParse(event.action);
    if (finish.success) this.#say(finish.data.message);
    else this.#line(describeAction(event), "36");
  }

  /** Nothing where it went well. */
  #observation({ observation }: ObservationEvent): void {
    const terminal = TerminalObservation.safeParse(observation).data;
    const text = plainText(observation.content);
    if (observation.is_error) this.#line(`  ! ${firstLine(text)}`, "31");
    else if (terminal !== undefined && terminal.exit_code > 0)
      this.#line(`  exit code ${terminal.exit_code}: ${firstLine(text.trimStart())}`, "33");
  }

  /** What was not streamed of it yet. */
  #say(text: string): void {
    if (text.startsWith(this.#streamed)) this.#write(plain(text.slice(this.#streamed.length)));
    else {
      this.#breakOff();
      this.#write(plain(text));
    }
    this.#breakOff();
  }

  /** What comes now is no part of what was streamed. */
  #breakOff(): void {
    this.#streamed = "";
    if (!this.#atLineStart) this.#write("\n");
  }

  #line(text: string, colour: string): void {
    this.#breakOff();
    const clean = plain(text);
    this.#write(this.#options.colours ? `\u001b[${colour}m${clean}\u001b[0m\n` : `${clean}\n`);
  }

  #write(text: string): void {
    if (text === "") return;
    this.#atLineStart = text.endsWith("\n");
    this.#options.write(text);
  }
}

const firstLine = (text: string): string => text.split("\n", 1)[0]?.slice(0, 200) ?? "";
