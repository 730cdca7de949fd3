import { connectCompatible } from "./openai-compatible.ts";
import { bearerKey, type Provider } from "./provider.ts";

export const vllm: Provider = {
  prefixes: ["vllm", "hosted_vllm"],
  label: "vLLM",
  baseUrl: "http://localhost:8000/v1",
  defaultPath: "/v1",
  needsKey: false,
  local: true,
  catalogue: null,
  tried: true,
  keyHeaders: bearerKey,
  connect: connectCompatible,
};
