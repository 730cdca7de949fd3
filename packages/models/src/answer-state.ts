/** Gathers from the parts of an answer what its provider wants to see again. */
import type { LanguageModelV4StreamPart, SharedV4ProviderMetadata } from "@ai-sdk/provider";
import { LlmState } from "@openhands/protocol";

interface ThinkingBlock {
  text: string;
  metadata: SharedV4ProviderMetadata | undefined;
}

export class AnswerState {
  readonly #model: string;
  readonly #thinking = new Map<string, ThinkingBlock>();
  #text: SharedV4ProviderMetadata | undefined;
  readonly #calls = new Map<string, SharedV4ProviderMetadata>();

  /** @param model the name as the user wrote it */
  constructor(model: string) {
    this.#model = model;
  }

  add(part: LanguageModelV4StreamPart): void {
    switch (part.type) {
      case "reasoning-start":
      case "reasoning-delta":
      case "reasoning-end":
        return this.#addThinking(
          part.id,
          part.type === "reasoning-delta" ? part.delta : "",
          part.providerMetadata,
        );
      case "text-start":
      case "text-delta":
      case "text-end":
        this.#text = merged(this.#text, part.providerMetadata);
        return;
      case "tool-call":
        if (part.providerMetadata !== undefined) this.#calls.set(part.toolCallId, part.providerMetadata);
        return;
      default:
    }
  }

  /** Null where the answer had no reasoning and the provider gave nothing along. */
  value(): LlmState | null {
    if (this.#thinking.size === 0 && this.#text === undefined && this.#calls.size === 0) return null;
    // Through JSON, for so it is stored: what a vendor's package gives may hold undefined.
    const plain: unknown = JSON.parse(
      JSON.stringify({
        model: this.#model,
        thinking: [...this.#thinking.values()],
        text: this.#text,
        calls: this.#calls.size === 0 ? undefined : Object.fromEntries(this.#calls),
      }),
    );
    return LlmState.parse(plain);
  }

  #addThinking(id: string, text: string, metadata: SharedV4ProviderMetadata | undefined): void {
    const block = this.#thinking.get(id) ?? { text: "", metadata: undefined };
    block.text += text;
    block.metadata = merged(block.metadata, metadata);
    this.#thinking.set(id, block);
  }
}

/** Of two that name the same field the later counts: a signature is told at the end. */
function merged(
  before: SharedV4ProviderMetadata | undefined,
  after: SharedV4ProviderMetadata | undefined,
): SharedV4ProviderMetadata | undefined {
  if (after === undefined) return before;
  const vendors = Object.entries(after).map(([vendor, fields]) => [
    vendor,
    { ...before?.[vendor], ...fields },
  ]);
  return { ...before, ...Object.fromEntries(vendors) };
}
