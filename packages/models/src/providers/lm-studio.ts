import { connectCompatible } from "./openai-compatible.ts";
import { bearerKey, type Provider } from "./provider.ts";

export const lmStudio: Provider = {
  prefixes: ["lm_studio"],
  label: "LM Studio",
  baseUrl: "http://localhost:1234/v1",
  defaultPath: "/v1",
  needsKey: false,
  local: true,
  catalogue: null,
  tried: true,
  keyHeaders: bearerKey,
  connect: connectCompatible,
};
