/** An answer of a model as a message of the prompt, with what its author wants to see again. */
import type { LanguageModelV4Message } from "@ai-sdk/provider";
import type { LlmState } from "@openhands/protocol";

export type AssistantMessage = Extract<LanguageModelV4Message, { role: "assistant" }>;

export interface PastAnswer {
  readonly text: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
  readonly state: LlmState | null | undefined;
}

/** Where the author's name stands; no vendor's package reads it. */
const ours = "openhands";

export function answerMessage({ text, calls, state }: PastAnswer): AssistantMessage {
  return {
    role: "assistant",
    content: [
      ...(state?.thinking ?? []).map((block) => ({
        type: "reasoning" as const,
        text: block.text,
        ...options(block.metadata),
      })),
      ...(text === "" ? [] : [{ type: "text" as const, text, ...options(state?.text) }]),
      ...calls.map(({ id, name, input }) => ({
        type: "tool-call" as const,
        toolCallId: id,
        toolName: name,
        input,
        ...options(state?.calls?.[id]),
      })),
    ],
    ...(state ? { providerOptions: { [ours]: { model: state.model } } } : {}),
  };
}

/** The name of the model that wrote `message`; null where it is not known. */
export function writtenBy(message: AssistantMessage): string | null {
  const model = message.providerOptions?.[ours]?.["model"];
  return typeof model === "string" ? model : null;
}

const options = (metadata: NonNullable<LlmState["text"]> | null | undefined) =>
  metadata ? { providerOptions: metadata } : {};
