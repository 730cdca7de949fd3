/** The provider table. A new provider is a file here and a line below. */
import { anthropic } from "./anthropic.ts";
import { azure } from "./azure.ts";
import { bedrock } from "./bedrock.ts";
import { deepseek } from "./deepseek.ts";
import { gemini } from "./gemini.ts";
import { groq } from "./groq.ts";
import { litellmProxy } from "./litellm-proxy.ts";
import { lmStudio } from "./lm-studio.ts";
import { mistral } from "./mistral.ts";
import { ollama } from "./ollama.ts";
import { openai } from "./openai.ts";
import { openrouter } from "./openrouter.ts";
import type { Provider } from "./provider.ts";
import { vertexAi } from "./vertex-ai.ts";
import { vllm } from "./vllm.ts";
import { xai } from "./xai.ts";

export const providers: readonly Provider[] = [
  openai,
  anthropic,
  gemini,
  mistral,
  xai,
  groq,
  deepseek,
  openrouter,
  azure,
  bedrock,
  vertexAi,
  ollama,
  lmStudio,
  vllm,
  litellmProxy,
];
