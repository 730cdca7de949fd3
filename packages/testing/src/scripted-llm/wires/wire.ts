/** How one provider's answers look on the line. */
import type { ScriptedAnswer } from "../scripted-answer.ts";

export type WireName = "openai-chat" | "openai-responses" | "anthropic-messages" | "google-generative";

export interface Wire {
  readonly name: WireName;
  /** What a POST to `path` with `body` asks for; null where the path is not this wire's. */
  asked(path: string, body: unknown): Asked | null;
  /** Server-sent events up to where the answer could still break off. */
  content(answer: ScriptedAnswer): Iterable<string>;
  /** The events that say the answer is whole. */
  end(answer: ScriptedAnswer): Iterable<string>;
  /** The answer as one body. */
  body(answer: ScriptedAnswer): object;
  /** An error in place of the end. */
  errorEvent(error: unknown): string;
  /** The body of an HTTP error. */
  errorBody(status: number, message: string): object;
}

export interface Asked {
  readonly model: string;
  readonly streamed: boolean;
  /** default: true */
  readonly tellsUsage?: boolean;
}

/** @param event a name, for the wires that give one */
export const serverSentEvent = (data: object, event?: string): string =>
  `${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;

export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

export const textField = (value: unknown, name: string): string => {
  const found = field(value, name);
  return typeof found === "string" ? found : "";
};
