import { ModelError } from "../model.ts";
import { bearerKey, type Provider } from "./provider.ts";

/**
 * Gemini at Google Cloud, with an API key, or with an access token and the project's own URL
 * (`https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/publishers/google`).
 */
export const vertexAi: Provider = {
  prefixes: ["vertex_ai"],
  label: "Vertex AI",
  baseUrl: "https://aiplatform.googleapis.com/v1/publishers/google",
  defaultPath: "/v1/publishers/google",
  needsKey: true,
  local: false,
  catalogue: "google-vertex",
  tried: true,
  // access tokens of Google's begin so
  keyHeaders: (key) => (key.startsWith("ya29.") ? bearerKey(key) : { "x-goog-api-key": key }),
  connect: async (endpoint) => {
    if (!/^(gemini|gemma)/.test(endpoint.modelId)) {
      const message = `Only Gemini can be asked at Vertex AI here, not "${endpoint.modelId}". Choose another model in Settings, for example one of anthropic/ or bedrock/.`;
      throw new ModelError("bad_request", message);
    }
    const { createGoogle } = await import("@ai-sdk/google");
    // The key travels in each call's headers; an empty one keeps the package from looking into the environment.
    const provider = createGoogle({ baseURL: endpoint.baseUrl, apiKey: "", fetch: endpoint.fetch });
    return provider.languageModel(endpoint.modelId);
  },
};
