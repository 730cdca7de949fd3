import { bearerKey, type Provider } from "./provider.ts";

export const mistral: Provider = {
  prefixes: ["mistral"],
  label: "Mistral",
  baseUrl: "https://api.mistral.ai/v1",
  defaultPath: "/v1",
  needsKey: true,
  local: false,
  catalogue: "mistral",
  tried: true,
  bareNames: /^(open-mistral|mistral|codestral|devstral|magistral|ministral|pixtral)-/,
  keyHeaders: bearerKey,
  connect: async (endpoint) => {
    const { createMistral } = await import("@ai-sdk/mistral");
    // The key travels in each call's headers; an empty one keeps the package from looking into the environment.
    const provider = createMistral({ baseURL: endpoint.baseUrl, apiKey: "", fetch: endpoint.fetch });
    return provider.languageModel(endpoint.modelId);
  },
};
