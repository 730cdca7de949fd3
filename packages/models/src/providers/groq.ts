import { bearerKey, type Provider } from "./provider.ts";

export const groq: Provider = {
  prefixes: ["groq"],
  label: "Groq",
  baseUrl: "https://api.groq.com/openai/v1",
  defaultPath: "/openai/v1",
  needsKey: true,
  local: false,
  catalogue: "groq",
  tried: true,

  keyHeaders: bearerKey,
  connect: async (endpoint) => {
    const { createGroq } = await import("@ai-sdk/groq");
    // The key travels in each call's headers; an empty one keeps the package from looking into the environment.
    const provider = createGroq({ baseURL: endpoint.baseUrl, apiKey: "", fetch: endpoint.fetch });
    return provider.languageModel(endpoint.modelId);
  },
};
