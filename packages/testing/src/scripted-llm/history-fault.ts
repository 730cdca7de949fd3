import type { ScriptedMessage } from "./request.ts";

/**
 * What a strict provider of chat completions would refuse in a history: a call without its one result right after it, a
 * result without a call, a system message that is not the first, nobody's words. Null where all is well.
 */
export function historyFault(messages: readonly ScriptedMessage[]): string | null {
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    const where = `message ${index} (${message.role})`;
    if (message.role === "tool") {
      const id = message.tool_call_id ?? "";
      if (!open.includes(id)) return `${where} answers ${id}, which is no open call`;
      open = open.filter((other) => other !== id);
      continue;
    }
    if (open.length > 0) return `${where} comes before the results of ${open.join(", ")}`;
    if (isSystem(message) && index > 0) return `${where} is not the first`;
    if (message.role === "assistant") {
      const ids = (message.tool_calls ?? []).map((call) => call.id);
      if (new Set(ids).size !== ids.length) return `${where} has two calls of one id`;
      if (ids.length === 0 && isEmpty(message.content)) return `${where} says nothing`;
      open = ids;
    } else if (isEmpty(message.content)) return `${where} says nothing`;
  }
  if (open.length > 0) return `the calls ${open.join(", ")} have no result`;
  return messages.some((message) => message.role === "user") ? null : "nobody asks for anything";
}

const isSystem = ({ role }: ScriptedMessage): boolean => role === "system" || role === "developer";

const isEmpty = (content: unknown): boolean =>
  content === null ||
  content === undefined ||
  content === "" ||
  (Array.isArray(content) && content.length === 0);
