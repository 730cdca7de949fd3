import type { Provider } from "./provider.ts";

const keyHeader = "x-bedrock-api-key";

/**
 * Amazon Bedrock with one of its API keys. Another region is another base URL. Signed requests (access key and secret)
 * are not spoken here.
 */
export const bedrock: Provider = {
  prefixes: ["bedrock"],
  label: "Amazon Bedrock",
  baseUrl: "https://bedrock-runtime.us-east-1.amazonaws.com",
  defaultPath: "",
  needsKey: true,
  local: false,
  catalogue: "amazon-bedrock",
  tried: false,
  keyHeaders: (key) => ({ [keyHeader]: key }),
  connect: async (endpoint) => {
    const { createAmazonBedrock } = await import("@ai-sdk/amazon-bedrock");
    const provider = createAmazonBedrock({
      baseURL: endpoint.baseUrl,
      // Without any, the package would look into the environment; the true one takes its place in `withKey`.
      apiKey: "in-the-call",
      fetch: withKey(endpoint.fetch),
    });
    // LiteLLM writes the kind of API before the model, which is the same here.
    return provider.languageModel(endpoint.modelId.replace(/^(converse|invoke)\//, ""));
  },
};

/** The package puts its own key over the one that travels in a call's headers, so that one comes under another name. */
function withKey(send: typeof fetch): typeof fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    const key = headers.get(keyHeader);
    headers.delete(keyHeader);
    if (key === null) headers.delete("authorization");
    else headers.set("authorization", `Bearer ${key}`);
    return send(input, { ...init, headers });
  };
}
