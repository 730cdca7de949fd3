import { McpServers, Success } from "@openhands/protocol";
import type { Connection } from "../request.ts";
import { conversationPath } from "./conversation-path.ts";

/** MCP servers of a conversation, by their names. */
export function mcpCalls({ request }: Connection) {
  const path = (id: string): string => `${conversationPath(id)}/mcp`;
  return {
    list: (id: string) => request(path(id), McpServers),
    restart: (id: string, name: string) =>
      request(`${path(id)}/${encodeURIComponent(name)}/restart`, Success, { method: "POST" }),
  };
}
