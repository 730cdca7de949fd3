/** Everybody who speaks OpenAI's chat completions: one way to connect, and a row of data each. */
import type { LanguageModelV4 } from "@ai-sdk/provider";
import { bearerKey, type Endpoint, type Provider } from "./provider.ts";

interface CompatibleRow {
  readonly prefixes: readonly [string, ...string[]];
  readonly label: string;
  readonly baseUrl: string | null;
  /** default: "" */
  readonly defaultPath?: string;
  /** default: false, as for model servers of one's own */
  readonly needsKey?: boolean;
  readonly bareNames?: RegExp;
  /** whether `stream_options` may be sent; where it may not, usage comes unasked. Default: true */
  readonly asksForUsage?: boolean;
}

const rows: readonly CompatibleRow[] = [
  {
    prefixes: ["ollama", "ollama_chat"],
    label: "Ollama",
    baseUrl: "http://localhost:11434/v1",
    defaultPath: "/v1",
  },
  { prefixes: ["lm_studio"], label: "LM Studio", baseUrl: "http://localhost:1234/v1", defaultPath: "/v1" },
  {
    prefixes: ["vllm", "hosted_vllm"],
    label: "vLLM",
    baseUrl: "http://localhost:8000/v1",
    defaultPath: "/v1",
  },
  { prefixes: ["litellm_proxy"], label: "LiteLLM proxy", baseUrl: null, defaultPath: "/v1" },
  {
    prefixes: ["openrouter"],
    label: "OpenRouter",
    baseUrl: "https://openrouter.ai/api/v1",
    needsKey: true,
  },
  {
    prefixes: ["deepseek"],
    label: "DeepSeek",
    baseUrl: "https://api.deepseek.com/v1",
    needsKey: true,
    bareNames: /^deepseek-(chat|reasoner)$/,
  },
  {
    prefixes: ["mistral"],
    label: "Mistral",
    baseUrl: "https://api.mistral.ai/v1",
    needsKey: true,
    bareNames: /^(mistral|codestral|devstral|magistral)-/,
    asksForUsage: false,
  },
  { prefixes: ["groq"], label: "Groq", baseUrl: "https://api.groq.com/openai/v1", needsKey: true },
  {
    prefixes: ["xai"],
    label: "xAI",
    baseUrl: "https://api.x.ai/v1",
    needsKey: true,
    bareNames: /^grok-/,
  },
];

export const compatibleProviders: readonly Provider[] = rows.map((row) => ({
  defaultPath: "",
  needsKey: false,
  keyHeaders: bearerKey,
  connect: (endpoint) => connectCompatible(endpoint, row.asksForUsage),
  ...row,
}));

/** The provider behind a base URL that no prefix names: a proxy or server of the person's own. */
export const ownUrlProvider: Provider = {
  prefixes: ["openai"],
  label: "The provider",
  baseUrl: null,
  defaultPath: "",
  needsKey: false,
  keyHeaders: bearerKey,
  connect: connectCompatible,
};

export async function connectCompatible(endpoint: Endpoint, asksForUsage = true): Promise<LanguageModelV4> {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  const provider = createOpenAICompatible({
    name: "openai-compatible",
    baseURL: endpoint.baseUrl,
    fetch: endpoint.fetch,
    includeUsage: asksForUsage,
  });
  return provider.chatModel(endpoint.modelId);
}
