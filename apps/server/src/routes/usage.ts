import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { addUsage, UsageReport } from "@openhands/protocol";
import { answer, errors } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const usage = createRoute({
  method: "get",
  path: "/api/usage",
  responses: {
    200: answer(
      "what the model calls took and cost, by day, model and use; without deleted conversations",
      UsageReport,
    ),
    ...errors,
  },
});

export function usageRoutes(app: OpenAPIHono, { sessions, spareCalls }: RouteContext): void {
  app.openapi(usage, async (c) => {
    const items = (await spareCalls.sums()).reduce(addUsage, await sessions.usage());
    return c.json({ items }, 200);
  });
}
