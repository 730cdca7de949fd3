/** One line for each request and each socket, refused ones included; requests have their place in the metrics too. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Context, Next } from "hono";
import { routePath } from "hono/route";
import type { ConversationId } from "@openhands/protocol";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import type { PreviewTarget } from "./previews/preview-target.ts";

declare module "hono" {
  interface ContextVariableMap {
    /** whose request it is, where its path can't say so: the handler sets it */
    conversation: ConversationId;
  }
}

/** What an orchestrator asks every few seconds, and files of the page: counted, and logged only for `debug`. */
const isQuiet = (path: string): boolean => !path.startsWith("/api/") && !path.startsWith("/conversations/");

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** A client may make up as many others as it likes. */
const knownMethod = (method: string): string => (methods.has(method) ? method : "other");

export function logRequests({ logger, metrics }: { logger: Logger; metrics: Metrics }) {
  return async (c: Context, next: Next): Promise<void> => {
    const started = performance.now();
    await next();
    const ms = since(started);
    const { path } = c.req;
    const { status } = c.res;
    const method = knownMethod(c.req.method);
    // the handler that answered, or the middleware that refused
    metrics.count({ method, route: routePath(c), status, seconds: ms / 1000 });
    const conversation = c.get("conversation") ?? conversationIn(path);
    const details = {
      method,
      path,
      status,
      ms,
      ...(conversation === null ? {} : { conversation }),
    };
    if (isQuiet(path) && status < 500) logger.debug(details, "request");
    else logger.info(details, "request");
  };
}

const forwardedRoute = "/conversations/:id/ports/:port/";

/**
 * What is passed on to a server in a sandbox, up to the end of its answer. That server's own paths are not told: they are
 * another program's, and may hold what is secret to it.
 */
export function logForwarded(
  { logger, metrics }: { logger: Logger; metrics: Metrics },
  target: PreviewTarget,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  const started = performance.now();
  response.once("close", () => {
    const ms = since(started);
    const method = knownMethod(request.method ?? "");
    const status = response.statusCode;
    metrics.count({ method, route: forwardedRoute, status, seconds: ms / 1000 });
    logger.info({ method, path: pathOf(target), status, ms, conversation: target.id }, "request");
  });
}

/** A socket is told at its end, with how long it was open. */
export function logSocket(
  logger: Logger,
  target: PreviewTarget | null,
  { request, connection }: { request: IncomingMessage; connection: Duplex },
): void {
  const started = performance.now();
  // without its query, which may hold a key
  const path = target === null ? (request.url ?? "/").split("?", 1)[0] : pathOf(target);
  const conversation = conversationIn(path ?? "");
  connection.once("close", () => {
    logger.info({ path, ms: since(started), ...(conversation === null ? {} : { conversation }) }, "socket");
  });
}

const pathOf = ({ id, port }: PreviewTarget): string => `/conversations/${id}/ports/${port}/`;

const since = (started: number): number => Math.round((performance.now() - started) * 10) / 10;

const conversationIn = (path: string): string | null =>
  /\/(?:conversations|sockets\/\w+|download-trajectory)\/([0-9a-f]{32}|[0-9a-f-]{36})(?:\/|$)/
    .exec(path)?.[1]
    ?.replaceAll("-", "") ?? null;
