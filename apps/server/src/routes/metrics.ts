import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { errors } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const metricsRoute = createRoute({
  method: "get",
  path: "/metrics",
  responses: {
    200: {
      description: "what the server does, for Prometheus",
      content: { "text/plain": { schema: z.string() } },
    },
    ...errors,
  },
});

export function metricsRoutes(app: OpenAPIHono, { metrics }: RouteContext): void {
  app.openapi(metricsRoute, (c) =>
    c.text(metrics.text(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }),
  );
}
