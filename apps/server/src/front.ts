/**
 * How the server is seen from outside: takes the path prefix off what is asked for, and believes what a proxy says of
 * the original request where it is the one that was named. What anybody else says of it is taken away, so everything
 * behind can read `host` and `x-forwarded-proto` without asking who wrote them.
 */
import type { IncomingMessage } from "node:http";
import type { BlockList } from "node:net";

export interface FrontOptions {
  /** without a slash at its end; empty: none */
  readonly basePath: string;
  /** addresses whose forwarded headers are believed */
  readonly trustedProxies: BlockList;
}

/** Changes the request in place, before anything else looks at it. */
export function createFront({ basePath, trustedProxies }: FrontOptions): (request: IncomingMessage) => void {
  return (request) => {
    if (basePath !== "") request.url = withoutPrefix(request.url ?? "/", basePath);
    const { remoteAddress, remoteFamily } = request.socket;
    const family = remoteFamily === "IPv6" ? "ipv6" : "ipv4";
    const isTrusted = remoteAddress !== undefined && trustedProxies.check(remoteAddress, family);
    const host = firstOf(request.headers["x-forwarded-host"]);
    const protocol = firstOf(request.headers["x-forwarded-proto"]);
    setHeader(request, "x-forwarded-host", null);
    setHeader(request, "x-forwarded-proto", isTrusted ? protocol : null);
    if (isTrusted && host !== null) setHeader(request, "host", host);
  };
}

/** A proxy may pass the prefix on or take it off itself: both are the same here. */
function withoutPrefix(url: string, basePath: string): string {
  if (!url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest.startsWith("/")) return rest;
  return rest === "" || rest.startsWith("?") ? `/${rest}` : url;
}

/** Of several proxies in a row the first has seen the person. */
function firstOf(header: string | string[] | undefined): string | null {
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(",")[0]?.trim() ?? null;
}

/** Both forms in which Node keeps a header: the HTTP framework reads the raw one. */
function setHeader(request: IncomingMessage, name: string, value: string | null): void {
  const { headers, rawHeaders } = request;
  delete headers[name];
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    if (rawHeaders[at]?.toLowerCase() === name) rawHeaders.splice(at, 2);
  }
  if (value === null) return;
  headers[name] = value;
  rawHeaders.push(name, value);
}
