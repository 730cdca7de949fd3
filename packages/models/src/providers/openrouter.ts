import { connectCompatible } from "./openai-compatible.ts";
import { bearerKey, type Provider } from "./provider.ts";

export const openrouter: Provider = {
  prefixes: ["openrouter"],
  label: "OpenRouter",
  baseUrl: "https://openrouter.ai/api/v1",
  defaultPath: "",
  needsKey: true,
  local: false,
  catalogue: "openrouter",
  tried: true,
  keyHeaders: bearerKey,
  connect: connectCompatible,
};
