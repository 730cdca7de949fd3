/**
 * Rewrites a conversation so that one model takes it, whoever wrote it: foreign signatures and reasoning are dropped, ids
 * of calls and names of tools made valid, images put where they are taken, or into words where the model sees none.
 *
 * What was made of a message is kept with it: a message that did not change is not looked at again, however long the
 * conversation, and each request begins with the very bytes of the one before.
 */
import { createHash } from "node:crypto";
import type { LanguageModelV4Message } from "@ai-sdk/provider";
import type { Prompt } from "../model.ts";
import { type AssistantMessage, writtenBy } from "./answer-message.ts";
import type { HistoryRules } from "./history-rules.ts";

type UserMessage = Extract<LanguageModelV4Message, { role: "user" }>;
type UserPart = UserMessage["content"][number];
type ToolMessage = Extract<LanguageModelV4Message, { role: "tool" }>;
type ToolPart = ToolMessage["content"][number];
type AssistantPart = AssistantMessage["content"][number];

export interface HistoryReader {
  /** the model's name as the user wrote it */
  readonly model: string;
  readonly rules: HistoryRules;
  readonly vision: boolean;
}

/** What stands for an image where the model sees none. */
export const unseenImage = "[An image was here. This model can't see images.]";

/** Tools and system prompt are read from the cache by every conversation; the growing rest has a mark of its own. */
const endOfSystem = { anthropic: { cacheControl: { type: "ephemeral" } } };

export class FittedHistory {
  readonly #reader: HistoryReader;
  readonly #kept = new WeakMap<LanguageModelV4Message, readonly LanguageModelV4Message[]>();

  #hidImages = false;

  constructor(reader: HistoryReader) {
    this.#reader = reader;
  }

  /** whether there were images that the model does not see */
  get hidImages(): boolean {
    return this.#hidImages;
  }

  fit(prompt: Prompt): Prompt {
    const fitted = prompt.flatMap((message) => this.#fitted(message));
    return this.#reader.rules.alternates ? alternating(fitted) : fitted;
  }

  #fitted(message: LanguageModelV4Message): readonly LanguageModelV4Message[] {
    const kept = this.#kept.get(message);
    if (kept !== undefined) return kept;
    const made = this.#fit(message);
    this.#kept.set(message, made);
    return made;
  }

  #fit(message: LanguageModelV4Message): readonly LanguageModelV4Message[] {
    switch (message.role) {
      case "system":
        return [this.#reader.rules.marksSystem ? { ...message, providerOptions: endOfSystem } : message];
      case "user":
        return [{ ...message, content: this.#userParts(message.content) }];
      case "assistant":
        return this.#answer(message);
      case "tool":
        return this.#results(message);
    }
  }

  #answer(message: AssistantMessage): readonly LanguageModelV4Message[] {
    const own = writtenBy(message) === this.#reader.model;
    const keepsReasoning = own && this.#reader.rules.reasoning;
    const content = message.content.flatMap((part): AssistantPart[] => {
      if (part.type === "reasoning") return keepsReasoning ? [part] : [];
      const { providerOptions, ...plain } = part;
      const known = own && providerOptions !== undefined ? { ...plain, providerOptions } : plain;
      if (known.type !== "tool-call") return [known];
      return [{ ...known, toolCallId: this.#callId(known), toolName: validName(known.toolName) }];
    });
    // An answer of which nothing is left would be refused.
    return content.some((part) => part.type !== "reasoning") ? [{ role: "assistant", content }] : [];
  }

  #results(message: ToolMessage): readonly LanguageModelV4Message[] {
    const aside: UserPart[] = [];
    const content = message.content.map((part): ToolPart => {
      if (part.type !== "tool-result") return part;
      const result = { ...part, toolCallId: this.#callId(part), toolName: validName(part.toolName) };
      return part.output.type === "content" ? { ...result, output: this.#imageOutput(part, aside) } : result;
    });
    return aside.length === 0
      ? [{ role: "tool", content }]
      : [
          { role: "tool", content },
          { role: "user", content: aside },
        ];
  }

  /** @param aside takes the images that a result may not hold */
  #imageOutput(
    part: Extract<ToolPart, { type: "tool-result" }>,
    aside: UserPart[],
  ): Extract<ToolPart, { type: "tool-result" }>["output"] {
    if (part.output.type !== "content") return part.output;
    const { resultImages } = this.#reader.rules;
    if (resultImages && this.#reader.vision) return part.output;
    const words = part.output.value.flatMap((piece): string[] => {
      if (piece.type === "text") return [piece.text];
      if (piece.type !== "file") return [];
      if (!this.#reader.vision) return [this.#unseen()];
      aside.push({ type: "text", text: `The image that ${part.toolName} returned:` }, imagePart(piece));
      return ["[The image follows in the next message.]"];
    });
    return { type: "text", value: words.join("\n") };
  }

  #userParts(parts: readonly UserPart[]): UserPart[] {
    if (this.#reader.vision) return [...parts];
    return parts.map((part) => (part.type === "file" ? { type: "text", text: this.#unseen() } : part));
  }

  #unseen(): string {
    this.#hidImages = true;
    return unseenImage;
  }

  /** The same for a call and its result, and in every request. */
  #callId({ toolCallId }: { readonly toolCallId: string }): string {
    const { callId, callIdLength } = this.#reader.rules;
    if (callId.test(toolCallId)) return toolCallId;
    return createHash("sha256").update(toolCallId).digest("hex").slice(0, callIdLength);
  }
}

/** Models invent names that their own providers then refuse in the history. */
const validName = (name: string): string => name.replace(/[^\w-]/g, "_").slice(0, 64) || "unnamed";

function imagePart(piece: Extract<UserPart, { type: "file" }> | FileOutput): UserPart {
  const { mediaType, data } = piece;
  return { type: "file", mediaType, data };
}

type ContentOutput = Extract<Extract<ToolPart, { type: "tool-result" }>["output"], { type: "content" }>;
type FileOutput = Extract<ContentOutput["value"][number], { type: "file" }>;

/** Neighbours of one side become one message; between results and the person stands a word of the model. */
function alternating(prompt: Prompt): Prompt {
  const turns: Prompt = [];
  for (const message of prompt) {
    const last = turns.at(-1);
    if (last?.role === "user" && message.role === "user") {
      turns[turns.length - 1] = { role: "user", content: [...last.content, ...message.content] };
    } else if (last?.role === "assistant" && message.role === "assistant") {
      turns[turns.length - 1] = { role: "assistant", content: [...last.content, ...message.content] };
    } else if (last?.role === "tool" && message.role === "user") {
      turns.push({ role: "assistant", content: [{ type: "text", text: "I see." }] }, message);
    } else {
      turns.push(message);
    }
  }
  return turns;
}
