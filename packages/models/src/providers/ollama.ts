import { connectCompatible } from "./openai-compatible.ts";
import { bearerKey, type Provider } from "./provider.ts";

export const ollama: Provider = {
  prefixes: ["ollama", "ollama_chat"],
  label: "Ollama",
  baseUrl: "http://localhost:11434/v1",
  defaultPath: "/v1",
  needsKey: false,
  local: true,
  catalogue: null,
  tried: true,
  keyHeaders: bearerKey,
  connect: connectCompatible,
};
