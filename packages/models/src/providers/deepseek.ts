import { bearerKey, type Provider } from "./provider.ts";

export const deepseek: Provider = {
  prefixes: ["deepseek"],
  label: "DeepSeek",
  baseUrl: "https://api.deepseek.com/v1",
  defaultPath: "",
  needsKey: true,
  local: false,
  catalogue: "deepseek",
  tried: true,
  bareNames: /^deepseek-(chat|reasoner|flash)$/,
  keyHeaders: bearerKey,
  connect: async (endpoint) => {
    const { createDeepSeek } = await import("@ai-sdk/deepseek");
    // The key travels in each call's headers; an empty one keeps the package from looking into the environment.
    const provider = createDeepSeek({ baseURL: endpoint.baseUrl, apiKey: "", fetch: endpoint.fetch });
    return provider.languageModel(endpoint.modelId);
  },
};
