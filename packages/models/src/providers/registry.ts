/** The provider table. A new provider is a row of `openai-compatible.ts`, or a file here and a line below. */
import { anthropic } from "./anthropic.ts";
import { gemini } from "./gemini.ts";
import { openai } from "./openai.ts";
import { compatibleProviders } from "./openai-compatible.ts";
import type { Provider } from "./provider.ts";

export const providers: readonly Provider[] = [openai, anthropic, gemini, ...compatibleProviders];
