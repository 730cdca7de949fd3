import type { Provider } from "./provider.ts";

export const anthropic: Provider = {
  prefixes: ["anthropic"],
  label: "Anthropic",
  baseUrl: "https://api.anthropic.com/v1",
  defaultPath: "/v1",
  needsKey: true,
  local: false,
  catalogue: "anthropic",
  tried: true,
  bareNames: /^claude-/,
  keyHeaders: (key) => ({ "x-api-key": key }),
  // Without it every step pays for the whole conversation again.
  requestOptions: () => ({ anthropic: { cacheControl: { type: "ephemeral" } } }),
  connect: async (endpoint) => {
    const { createAnthropic } = await import("@ai-sdk/anthropic");
    // The key travels in each call's headers; an empty one keeps the package from looking into the environment.
    const provider = createAnthropic({ baseURL: endpoint.baseUrl, apiKey: "", fetch: endpoint.fetch });
    return provider.languageModel(endpoint.modelId);
  },
};
