/** `<terminal><command>ls</command></terminal>` and `<invoke name="terminal"><parameter name="command">…`. */
import type { ToolSpec } from "../../model.ts";
import { toolCalled } from "../../mend-calls/mend-call.ts";
import type { CallFormat, WrittenCall } from "./format.ts";

const invoke =
  /(?:<function_calls>\s*)?<invoke name=["']([\w.:-]+)["']\s*>([\s\S]*?)(?:<\/invoke>\s*(?:<\/function_calls>)?|$)/;
const invokeParameter = /<parameter name=["']([\w-]+)["'][^>]*>([\s\S]*?)<\/parameter>/g;
const opening = /<([\w-]+)>/g;
const child = /<([\w-]+)>([\s\S]*?)<\/\1>/g;

export const xmlElements: CallFormat = {
  openers: (tools) => ["<function_calls>", "<invoke ", ...tools.map((tool) => `<${tool.name}>`)],
  find(text, tools) {
    const invoked = invoke.exec(text);
    const invocation = invoked && callOf(invoked[1] ?? "", invoked[2] ?? "", invokeParameter);
    if (invoked !== null && invocation !== null) {
      return { start: invoked.index, end: invoked.index + invoked[0].length, calls: [invocation] };
    }
    for (const match of text.matchAll(opening)) {
      const name = match[1] ?? "";
      const from = match.index + match[0].length;
      const to = meansTool(name, tools) ? text.indexOf(`</${name}>`, from) : -1;
      if (to < 0) continue;
      const call = callOf(name, text.slice(from, to), child);
      // A tag in prose has no fields within.
      if (call !== null) return { start: match.index, end: to + name.length + 3, calls: [call] };
    }
    return null;
  },
};

const meansTool = (name: string, tools: readonly ToolSpec[]): boolean =>
  toolCalled(name, tools).tool !== undefined;

/** Null where no field is found. */
function callOf(name: string, body: string, field: RegExp): WrittenCall | null {
  const fields = [...body.matchAll(field)].map(([, key = "", value = ""]) => [
    key,
    value.replace(/^\r?\n/, "").replace(/\r?\n$/, ""),
  ]);
  return fields.length === 0 ? null : { name, arguments: JSON.stringify(Object.fromEntries(fields)) };
}
