import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { UsageReport } from "@openhands/protocol";
import { answer, errors } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const usage = createRoute({
  method: "get",
  path: "/api/usage",
  responses: {
    200: answer("what the conversations that are kept took and cost, by day, model and use", UsageReport),
    ...errors,
  },
});

export function usageRoutes(app: OpenAPIHono, { sessions }: RouteContext): void {
  app.openapi(usage, async (c) => c.json({ items: await sessions.usage() }, 200));
}
