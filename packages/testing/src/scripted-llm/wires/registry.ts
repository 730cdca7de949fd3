/** The wires that the scripted provider speaks. A new one: a file here and a name below. */
import { anthropicMessages } from "./anthropic-messages.ts";
import { googleGenerative } from "./google-generative.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";
import type { Wire } from "./wire.ts";

export const wires: readonly Wire[] = [openaiChat, openaiResponses, anthropicMessages, googleGenerative];
