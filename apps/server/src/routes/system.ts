/** The system as it is, and the few open calls that say only that the server is there. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import {
  AppError,
  CleanupResult,
  ErrorBody,
  ServerInfo,
  ServerStatus,
  SystemInfo,
} from "@openhands/protocol";
import { answer, errors } from "./answers.ts";
import type { RouteContext } from "./context.ts";

const system = createRoute({
  method: "get",
  path: "/api/system",
  responses: {
    200: answer("runtime in use, limits, warnings; what the newest 100 conversations take", SystemInfo),
    ...errors,
  },
});

const cleanup = createRoute({
  method: "post",
  path: "/api/system/cleanup",
  responses: { 200: answer("what was removed; no workspace is", CleanupResult), ...errors },
});

const status = (path: "/health" | "/alive") =>
  createRoute({ method: "get", path, responses: { 200: answer("yes", ServerStatus) } });

const ready = createRoute({
  method: "get",
  path: "/ready",
  responses: { 200: answer("yes", ServerStatus), 503: answer("it is stopping", ErrorBody) },
});

const serverInfo = createRoute({
  method: "get",
  path: "/server_info",
  responses: { 200: answer("versions", ServerInfo) },
});

export function systemRoutes(app: OpenAPIHono, context: RouteContext): void {
  app.openapi(system, async (c) => c.json(await context.system(), 200));
  app.openapi(cleanup, async (c) => c.json(await context.sessions.cleanUp(), 200));
  for (const path of ["/health", "/alive"] as const) {
    app.openapi(status(path), (c) => c.json({ status: "ok" as const }, 200));
  }
  app.openapi(ready, (c) => {
    if (context.sessions.isClosing)
      throw new AppError("unavailable", "The server is stopping.", { retryAfterSeconds: 10 });
    return c.json({ status: "ok" as const }, 200);
  });
  app.openapi(serverInfo, (c) => c.json(context.serverInfo(), 200));
}
