/** One line for each request, refused ones included, and its place in the metrics. */
import type { Context, Next } from "hono";
import { routePath } from "hono/route";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";

/** What an orchestrator asks every few seconds, and files of the page: counted, and logged only for `debug`. */
const isQuiet = (path: string): boolean => !path.startsWith("/api/") && !path.startsWith("/conversations/");

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

export function logRequests({ logger, metrics }: { logger: Logger; metrics: Metrics }) {
  return async (c: Context, next: Next): Promise<void> => {
    const started = performance.now();
    await next();
    const ms = performance.now() - started;
    const { path } = c.req;
    const { status } = c.res;
    const method = methods.has(c.req.method) ? c.req.method : "other";
    // the handler that answered, or the middleware that refused
    metrics.count({ method, route: routePath(c), status, seconds: ms / 1000 });
    const conversation = conversationIn(path);
    const details = {
      method,
      path,
      status,
      ms: Math.round(ms * 10) / 10,
      ...(conversation === null ? {} : { conversation }),
    };
    if (isQuiet(path) && status < 500) logger.debug(details, "request");
    else logger.info(details, "request");
  };
}

const conversationIn = (path: string): string | null =>
  /\/conversations\/([0-9a-f]{32}|[0-9a-f-]{36})(?:\/|$)/.exec(path)?.[1]?.replaceAll("-", "") ?? null;
