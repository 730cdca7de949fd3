import { connectCompatible } from "./openai-compatible.ts";
import { bearerKey, type Provider } from "./provider.ts";

export const litellmProxy: Provider = {
  prefixes: ["litellm_proxy"],
  label: "LiteLLM proxy",
  baseUrl: null,
  defaultPath: "/v1",
  needsKey: false,
  local: false,
  catalogue: null,
  tried: true,
  keyHeaders: bearerKey,
  connect: connectCompatible,
};
