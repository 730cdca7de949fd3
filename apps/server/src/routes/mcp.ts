/** MCP servers of a conversation. None can be configured yet, so none is there. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { AppError, McpServers, Success } from "@openhands/protocol";
import * as z from "zod";
import { answer, errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const list = createRoute({
  method: "get",
  path: "/api/conversations/{id}/mcp",
  request: { params: idParameter },
  responses: { 200: answer("the MCP servers with their state and tools", McpServers), ...errors },
});

const restart = createRoute({
  method: "post",
  path: "/api/conversations/{id}/mcp/{name}/restart",
  request: { params: idParameter.extend({ name: z.string() }) },
  responses: { 200: answer("begun", Success), ...errors },
});

export function mcpRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  app.openapi(list, async (c) => {
    await sessions.open(c.req.valid("param").id);
    return c.json([], 200);
  });
  app.openapi(restart, async (c) => {
    await sessions.open(c.req.valid("param").id);
    throw new AppError("not_found", "This conversation has no MCP server of that name.");
  });
}
