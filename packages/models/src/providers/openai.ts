import type { LanguageModelV4 } from "@ai-sdk/provider";
import { connectCompatible } from "./openai-compatible.ts";
import { bearerKey, type Endpoint, type Provider } from "./provider.ts";

const ownUrl = "https://api.openai.com/v1";

/** OpenAI serves these by its Responses API alone. */
const responsesOnly = /codex|-pro(-|$)|deep-research|computer-use/;

/** `openai/…` with another base URL is whoever speaks OpenAI's wire there. */
export const openai: Provider = {
  prefixes: ["openai"],
  label: "OpenAI",
  baseUrl: ownUrl,
  defaultPath: "",
  needsKey: true,
  local: false,
  catalogue: "openai",
  tried: true,
  bareNames: /^(gpt-(?!oss)|chatgpt-|codex-|o\d)/,
  keyHeaders: bearerKey,
  // Nothing of a conversation is kept there: encrypted reasoning comes along instead, and is sent back.
  // The key brings requests of one conversation to the machine that has its beginning in the cache.
  requestOptions: (conversation) => ({ openai: { store: false, promptCacheKey: conversation } }),
  connect: (endpoint) =>
    endpoint.baseUrl === ownUrl ? connectOpenAi(endpoint) : connectCompatible(endpoint),
};

async function connectOpenAi(endpoint: Endpoint): Promise<LanguageModelV4> {
  const { createOpenAI } = await import("@ai-sdk/openai");
  // The key travels in each call's headers; an empty one keeps the package from looking into the environment.
  const provider = createOpenAI({ baseURL: endpoint.baseUrl, apiKey: "", fetch: endpoint.fetch });
  return responsesOnly.test(endpoint.modelId)
    ? provider.responses(endpoint.modelId)
    : provider.chat(endpoint.modelId);
}
