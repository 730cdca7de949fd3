/** Finds the calls in what a model wrote. */
import { randomUUID } from "node:crypto";
import type { ModelAnswer, ToolCall, ToolSpec } from "../model.ts";
import type { Found } from "./formats/format.ts";
import { callFormats } from "./formats/registry.ts";

/** The first calls in `text`, in whatever form. */
export function findCalls(text: string, tools: readonly ToolSpec[]): Found | null {
  const found = callFormats.flatMap((format) => format.find(text, tools) ?? []);
  return found.toSorted((one, other) => one.start - other.start)[0] ?? null;
}

/**
 * The answer of a model that was told to write its calls. What follows the calls is dropped: such models go on to imagine
 * what the tools returned.
 */
export function readCalls(answer: ModelAnswer, tools: readonly ToolSpec[]): ModelAnswer {
  // An answer that was cut off may end in half a call, which must not run.
  const cut = answer.end === "length" || answer.end === "content-filter";
  const found = answer.toolCalls.length === 0 && !cut ? findCalls(answer.text, tools) : null;
  return found === null ? answer : withCalls(answer, found);
}

/**
 * The answer of a model that was given tools in its provider's own form, and yet printed a call: taken for one only where
 * it is all that the text ends with, for a model may also show what a call looks like.
 */
export function readPrintedCalls(answer: ModelAnswer, tools: readonly ToolSpec[]): ModelAnswer {
  if (answer.toolCalls.length > 0 || answer.end !== "stop" || !/[>}\]`]\s*$/.test(answer.text)) return answer;
  const found = findCalls(answer.text, tools);
  return found === null || answer.text.slice(found.end).trim() !== "" ? answer : withCalls(answer, found);
}

function withCalls(answer: ModelAnswer, { start, calls }: Found): ModelAnswer {
  const toolCalls = calls.map((call): ToolCall => ({ id: `call_${randomUUID().slice(0, 13)}`, ...call }));
  return { ...answer, text: answer.text.slice(0, start).trimEnd(), toolCalls, end: "tool-calls" };
}
