/** `{"name": …, "arguments": {…}}` in a fence, in `<tool_call>` tags, or bare at the end of the text. */
import type { ToolSpec } from "../../model.ts";
import { isRecord } from "../../mend-calls/fit-to-schema.ts";
import { toolCalled } from "../../mend-calls/mend-call.ts";
import { tidyJson } from "../../mend-calls/tidy-json.ts";
import type { CallFormat, WrittenCall } from "./format.ts";

const places: readonly RegExp[] = [
  /<tool_call>\s*(?:```(?:json)?\s*)?([[{][\s\S]*?)\s*(?:```\s*)?(?:<\/tool_call>|$)/g,
  /```(?:json|tool_call|tool_code|tool)?[ \t]*\r?\n\s*([[{][\s\S]*?)\r?\n?\s*(?:```|$)/g,
  /(?:\[TOOL_CALLS\]|<\|python_tag\|>)\s*([[{][\s\S]*)$/g,
  /^\s*([[{][\s\S]*[}\]])\s*$/gm,
];

export const jsonCalls: CallFormat = {
  openers: () => ["<tool_call>", "```json", "```tool", "[TOOL_CALLS]", "<|python_tag|>", '{"', "{\n", '[{"'],
  find(text, tools) {
    for (const place of places) {
      for (const match of text.matchAll(place)) {
        const calls = callsIn(tidyJson(match[1] ?? ""), tools);
        if (calls.length > 0) return { start: match.index, end: match.index + match[0].length, calls };
      }
    }
    return null;
  },
};

function callsIn(value: unknown, tools: readonly ToolSpec[]): readonly WrittenCall[] {
  const calls = [value].flat().map((entry) => callIn(entry, tools));
  // A list in which something else stands is data that the model shows.
  return calls.every((call) => call !== null) ? calls : [];
}

function callIn(value: unknown, tools: readonly ToolSpec[]): WrittenCall | null {
  if (!isRecord(value)) return null;
  const inner = isRecord(value["function"]) ? value["function"] : value;
  const name = firstOf(inner, ["name", "tool", "tool_name", "function", "function_name", "action"]);
  if (typeof name !== "string" || toolCalled(name, tools).tool === undefined) return null;
  const given = firstOf(inner, [
    "arguments",
    "parameters",
    "args",
    "input",
    "tool_input",
    "action_input",
    "params",
  ]);
  if (isRecord(given)) return { name, arguments: JSON.stringify(given) };
  if (typeof given === "string") return { name, arguments: given };
  return null;
}

const firstOf = (value: Record<string, unknown>, names: readonly string[]): unknown =>
  names.map((name) => value[name]).find((field) => field !== undefined);
