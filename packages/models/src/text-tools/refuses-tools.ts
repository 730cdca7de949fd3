import { ModelError } from "../model.ts";

/** How servers say that a model takes no tools: Ollama, vLLM, OpenRouter, LM Studio and others. */
const words =
  /does(?:n't| not) support (?:tools?|functions?|tool|function)\b|tools? (?:use|calling|choice)?\s*(?:is|are) not supported|endpoints found that support tool use|--enable-auto-tool-choice|function calling is not (?:enabled|supported)/i;

/** Whether a call failed because the model takes no tools. */
export const refusesTools = (error: unknown): boolean =>
  error instanceof ModelError && error.kind === "bad_request" && words.test(error.message);
