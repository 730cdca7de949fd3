import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { Endpoint } from "./provider.ts";

/** How everybody is asked who speaks OpenAI's chat completions. Usage is asked for: many send none unasked. */
export async function connectCompatible(endpoint: Endpoint): Promise<LanguageModelV4> {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  const provider = createOpenAICompatible({
    name: "openai-compatible",
    baseURL: endpoint.baseUrl,
    fetch: endpoint.fetch,
    includeUsage: true,
  });
  return provider.chatModel(endpoint.modelId);
}
