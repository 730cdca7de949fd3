/** `<terminal><command>ls</command></terminal>` and `<invoke name="terminal"><parameter name="command">…`. */
import type { ToolSpec } from "../../model.ts";
import { toolCalled } from "../../mend-calls/mend-call.ts";
import type { CallFormat, Found } from "./format.ts";

const invoke =
  /(?:<function_calls>\s*)?<invoke name=["']([\w.:-]+)["']\s*>([\s\S]*?)(?:<\/invoke>\s*(?:<\/function_calls>)?|$)/;
const invokeParameter = /<parameter name=["']([\w-]+)["'][^>]*>([\s\S]*?)<\/parameter>/g;
const element = /<([\w-]+)>\s*((?:<([\w-]+)>[\s\S]*?<\/\3>\s*)+)<\/\1>/g;
const child = /<([\w-]+)>([\s\S]*?)<\/\1>/g;

export const xmlElements: CallFormat = {
  openers: (tools) => ["<function_calls>", "<invoke ", ...tools.map((tool) => `<${tool.name}>`)],
  find(text, tools) {
    const invoked = invoke.exec(text);
    if (invoked !== null) return found(invoked, invokeParameter);
    for (const match of text.matchAll(element)) {
      if (meansTool(match[1], tools)) return found(match, child);
    }
    return null;
  },
};

const meansTool = (name: string | undefined, tools: readonly ToolSpec[]): boolean =>
  name !== undefined && toolCalled(name, tools).tool !== undefined;

function found(match: RegExpExecArray, field: RegExp): Found {
  const fields = [...(match[2] ?? "").matchAll(field)].map(([, name = "", value = ""]) => [
    name,
    value.replace(/^\r?\n/, "").replace(/\r?\n$/, ""),
  ]);
  const call = { name: match[1] ?? "", arguments: JSON.stringify(Object.fromEntries(fields)) };
  return { start: match.index, end: match.index + match[0].length, calls: [call] };
}
