/** The conversation as the demonstration model looks at it: what was asked, and what its tools have answered since. */
import type { LanguageModelV4ToolResultOutput, LanguageModelV4ToolResultPart } from "@ai-sdk/provider";
import type { Prompt } from "../model.ts";

export interface PromptView {
  /** text of the last message of the person */
  readonly task: string;
  /** results of tools since that message, in order: their number is the step */
  readonly results: readonly ToolResult[];
  /** whether the person has been answered before */
  readonly metBefore: boolean;
}

export interface ToolResult {
  readonly toolName: string;
  readonly text: string;
  readonly isError: boolean;
}

export function viewPrompt(prompt: Prompt): PromptView {
  const start = prompt.findLastIndex((message) => message.role === "user");
  const last = prompt[start];
  const task =
    last?.role === "user"
      ? last.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")
      : "";
  const results = prompt
    .slice(start + 1)
    .flatMap((message) => (message.role === "tool" ? message.content : []))
    .filter((part) => part.type === "tool-result");
  return {
    task,
    results: results.map(viewResult),
    metBefore: prompt.slice(0, Math.max(0, start)).some((message) => message.role === "assistant"),
  };
}

function viewResult(part: LanguageModelV4ToolResultPart): ToolResult {
  const { type } = part.output;
  const isError = type === "error-text" || type === "error-json" || type === "execution-denied";
  return { toolName: part.toolName, text: textOf(part.output), isError };
}

function textOf(output: LanguageModelV4ToolResultOutput): string {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "content":
      return output.value.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
    case "execution-denied":
      return output.reason ?? "It was refused.";
    default:
      return JSON.stringify(output.value);
  }
}
