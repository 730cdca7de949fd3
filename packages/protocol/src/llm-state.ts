/**
 * What a provider wants to see again of an answer of its own: signed or encrypted reasoning, ids of items. It means
 * nothing to us and nothing to any other model, so it goes back to the model that wrote it alone.
 */
import * as z from "zod";

/** By the name of the vendor's package, as that package gave it. */
const ProviderMetadata = z.record(z.string(), z.record(z.string(), z.json()));

export const LlmState = z.looseObject({
  /** who wrote the answer; the name as the user wrote it */
  model: z.string(),
  /** blocks of reasoning in order, each with its signature; the text may be empty where only a cipher was given */
  thinking: z.array(z.looseObject({ text: z.string(), metadata: ProviderMetadata.nullish() })),
  /** of the answer's text */
  text: ProviderMetadata.nullish(),
  /** of the answer's calls, by tool_call_id */
  calls: z.record(z.string(), ProviderMetadata).nullish(),
});
export type LlmState = z.infer<typeof LlmState>;
