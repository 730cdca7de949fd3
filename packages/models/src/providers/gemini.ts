import type { Provider } from "./provider.ts";

export const gemini: Provider = {
  prefixes: ["gemini", "google"],
  label: "Google Gemini",
  baseUrl: "https://generativelanguage.googleapis.com/v1beta",
  defaultPath: "/v1beta",
  needsKey: true,
  local: false,
  catalogue: "google",
  tried: true,
  bareNames: /^gemini-/,
  keyHeaders: (key) => ({ "x-goog-api-key": key }),
  connect: async (endpoint) => {
    const { createGoogle } = await import("@ai-sdk/google");
    // The key travels in each call's headers; an empty one keeps the package from looking into the environment.
    const provider = createGoogle({ baseURL: endpoint.baseUrl, apiKey: "", fetch: endpoint.fetch });
    return provider.languageModel(endpoint.modelId);
  },
};
