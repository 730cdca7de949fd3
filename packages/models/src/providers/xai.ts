import { connectCompatible } from "./openai-compatible.ts";
import { bearerKey, type Provider } from "./provider.ts";

export const xai: Provider = {
  prefixes: ["xai"],
  label: "xAI",
  baseUrl: "https://api.x.ai/v1",
  defaultPath: "",
  needsKey: true,
  local: false,
  catalogue: "xai",
  tried: true,
  bareNames: /^grok-/,
  keyHeaders: bearerKey,
  connect: connectCompatible,
};
