/**
 * Calls as weak models make them, mended where what they mean is beyond doubt: tools under other agents' names, arguments
 * encoded twice, numbers as texts, one comma too many. What stays in doubt stays as it was: the tool says what is wrong.
 */
import type { ToolCall, ToolSpec } from "../model.ts";
import { fitToSchema, isRecord, propertiesOf } from "./fit-to-schema.ts";
import { tidyJson } from "./tidy-json.ts";
import { argumentAliases, type ToolAlias, toolAliases } from "./tool-aliases.ts";

/** `call` itself where it needs no mending. */
export function mendCall(call: ToolCall, tools: readonly ToolSpec[]): ToolCall {
  const { tool, implies } = toolCalled(call.name, tools);
  if (tool === undefined) return call;
  const written = mendArguments(call.arguments, tool, implies);
  return tool.name === call.name && written === call.arguments
    ? call
    : { ...call, name: tool.name, arguments: written };
}

/** The tool that `name` means. */
export function toolCalled(
  name: string,
  tools: readonly ToolSpec[],
): { readonly tool: ToolSpec | undefined; readonly implies: ToolAlias["implies"] } {
  const find = (wanted: string): ToolSpec | undefined => tools.find((tool) => tool.name === wanted);
  const exact = find(name);
  if (exact !== undefined) return { tool: exact, implies: undefined };
  const plain = name
    .trim()
    .replace(/^(?:functions?|tools?|default_api|api)[.:/]/i, "")
    .replaceAll("-", "_")
    .toLowerCase();
  const alias = toolAliases.get(plain);
  const byAlias = alias === undefined ? undefined : find(alias.tool);
  return { tool: find(plain) ?? byAlias, implies: find(plain) === undefined ? alias?.implies : undefined };
}

function mendArguments(written: string, tool: ToolSpec, implies: ToolAlias["implies"]): string {
  const value = read(written);
  if (!isRecord(value)) return written;
  const properties = propertiesOf(tool.inputSchema);
  const bare = unwrapped(value, properties);
  const named = withOwnNames(bare, properties);
  const complete = implies === undefined ? named : { ...implies, ...named };
  const fitted = fitToSchema(complete, tool.inputSchema);
  return fitted === value && isJson(written) ? written : JSON.stringify(fitted);
}

/** Encoded once, or once more than needed. */
function read(written: string): unknown {
  const value = tidyJson(written);
  return typeof value === "string" ? tidyJson(value) : value;
}

function isJson(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** `{"arguments": {…}}`, where the tool has no such field. */
function unwrapped(
  value: Record<string, unknown>,
  properties: Record<string, unknown>,
): Record<string, unknown> {
  const [only, ...more] = Object.entries(value);
  if (only === undefined || more.length > 0 || only[0] in properties) return value;
  if (!/^(arguments|args|parameters|params|input|kwargs)$/.test(only[0])) return value;
  const inner = typeof only[1] === "string" ? tidyJson(only[1]) : only[1];
  return isRecord(inner) ? inner : value;
}

function withOwnNames(
  value: Record<string, unknown>,
  properties: Record<string, unknown>,
): Record<string, unknown> {
  const renamed = new Map<string, string>();
  for (const [name, aliases] of Object.entries(argumentAliases)) {
    if (!(name in properties) || name in value) continue;
    const alias = aliases.find((one) => one in value && !(one in properties) && !renamed.has(one));
    if (alias !== undefined) renamed.set(alias, name);
  }
  if (renamed.size === 0) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [renamed.get(name) ?? name, field]));
}
