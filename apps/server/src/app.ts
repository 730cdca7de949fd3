/** The HTTP application: the gate before, the routes, one place where errors become answers, the page behind. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { AppError } from "@openhands/protocol";
import { SandboxError } from "@openhands/sandbox";
import { HTTPException } from "hono/http-exception";
import type { Context, Next } from "hono";
import type * as z from "zod";
import { limitBody } from "./limit-body.ts";
import type { Page } from "./page.ts";
import { logRequests } from "./request-log.ts";
import { signInPath } from "./routes/access.ts";
import type { RouteContext } from "./routes/context.ts";
import { docsPage } from "./routes/docs.ts";
import { routes } from "./routes/registry.ts";
import { documentSockets } from "./sockets/registry.ts";
import { version } from "./version.ts";

const securityHeaders = {
  "Content-Security-Policy":
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Cross-Origin-Opener-Policy": "same-origin",
} as const;

export function createApp(context: RouteContext, page: Page): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return;
      if (result.target === "param") throw new AppError("not_found", "There is nothing under this address.");
      throw new AppError("invalid", misfit(result.error));
    },
  });
  app.use(logRequests(context));
  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(securityHeaders)) c.header(name, value);
    context.gate.checkOrigin(gateRequest(c));
    await next();
  });
  const needAccess = async (c: Context, next: Next): Promise<void> => {
    if (c.req.path !== signInPath && !context.gate.hasAccess(gateRequest(c))) {
      throw new AppError(
        "access",
        "No access. Open the link that the server printed, or run `npx openhands link` for a new one.",
      );
    }
    if (context.sessions.isClosing) throw stopping();
    await next();
  };
  for (const path of ["/api/*", "/metrics", "/sockets/*"]) app.use(path, needAccess);
  app.use("/api/*", limitBody);
  for (const add of routes) add(app, context);
  documentSockets(app);
  const about = { openapi: "3.1.0", info: { title: "OpenHands", version: version.own } };
  app.doc("/openapi.json", about);
  docsPage(app, () => app.getOpenAPIDocument(about));
  app.all("/sockets/*", () => {
    throw new AppError("bad_request", "This is the address of a WebSocket: connect with ws:// or wss://.");
  });
  app.all("/conversations/:id/ports/*", () => {
    throw new AppError("not_found", "There is no such port.");
  });
  app.all("/api/*", noSuchCall);
  app.get("*", async (c) => await page.respond(c));
  app.notFound(noSuchCall);
  app.onError((error, c) => {
    const { status, detail, code } = asAnswer(error, context);
    if (error instanceof AppError && error.retryAfterSeconds !== null)
      c.header("Retry-After", String(error.retryAfterSeconds));
    return c.json({ detail, code }, status);
  });
  return app;
}

/** Long enough for a server to stop, and for the next one to start. */
const backInSeconds = 10;

const stopping = (): AppError =>
  new AppError("unavailable", "The server is stopping. Try again when it is back.", {
    retryAfterSeconds: backInSeconds,
  });

function noSuchCall(): never {
  throw new AppError("not_found", "There is no such call. /openapi.json lists them.");
}

const gateRequest = (c: Context) => ({ method: c.req.method, header: (name: string) => c.req.header(name) });

function asAnswer(
  error: Error,
  context: RouteContext,
): { status: AppError["status"]; detail: string; code: string } {
  if (error instanceof AppError) return { status: error.status, detail: error.message, code: error.code };
  if (error instanceof SandboxError) return { status: 503, detail: error.message, code: "unavailable" };
  // Hono's own: a body that is no JSON, or says that it is something else.
  if (error instanceof HTTPException && error.status === 400) {
    return { status: 422, detail: "The body is not valid JSON.", code: "invalid" };
  }
  if (error instanceof HTTPException && error.status === 415) {
    const detail = "The body must be JSON, sent with the header Content-Type: application/json.";
    return { status: 422, detail, code: "invalid" };
  }
  const id = crypto.randomUUID();
  context.logger.error({ err: error, error_id: id }, "a request failed");
  return {
    status: 500,
    detail: `OpenHands itself failed; its log has the details under ${id}.`,
    code: "internal",
  };
}

/** Which fields do not fit and why, without echoing a value; a name that does not fit may be a value in the wrong place. */
function misfit(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      if (issue.code !== "invalid_key") return told(issue.path, issue.message);
      return told(
        issue.path.slice(0, -1),
        `a name does not fit: ${issue.issues[0]?.message ?? issue.message}`,
      );
    })
    .join("; ");
}

const told = (path: readonly PropertyKey[], message: string): string =>
  path.length === 0 ? message : `${path.join(".")}: ${message}`;
