import type { Provider } from "./provider.ts";

/**
 * OpenAI's models in a resource of the person's own; a model's name is that of its deployment. Azure's `v1` API is
 * OpenAI's, with a header of its own for the key.
 */
export const azure: Provider = {
  prefixes: ["azure"],
  label: "Azure OpenAI",
  baseUrl: null,
  defaultPath: "/openai/v1",
  needsKey: true,
  local: false,
  catalogue: "azure",
  tried: true,
  keyHeaders: (key) => ({ "api-key": key }),
  connect: async (endpoint) => {
    const { createOpenAI } = await import("@ai-sdk/openai");
    // The key travels in each call's headers; an empty one keeps the package from looking into the environment.
    const provider = createOpenAI({ baseURL: endpoint.baseUrl, apiKey: "", fetch: endpoint.fetch });
    return provider.chat(endpoint.modelId);
  },
};
