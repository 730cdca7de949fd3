/**
 * How the server is seen from outside: takes the path prefix off what is asked for, and believes what a proxy says of
 * the original request where it is the one that was named. What anybody else says of it is taken away, so everything
 * behind can read `host`, `x-forwarded-proto` and `x-forwarded-for`, the address of who asks, without asking who wrote
 * them.
 */
import type { IncomingMessage } from "node:http";
import { type BlockList, isIP } from "node:net";

export interface FrontOptions {
  /** without a slash at its end; empty: none */
  readonly basePath: string;
  /** addresses whose forwarded headers are believed */
  readonly trustedProxies: BlockList;
  /** whether all paths of a host are its own, so that none begins with the prefix of ours */
  readonly isApart: (host: string) => boolean;
}

/** Changes the request in place, before anything else looks at it. */
export function createFront(options: FrontOptions): (request: IncomingMessage) => void {
  const { basePath, trustedProxies, isApart } = options;
  return (request) => {
    const { remoteAddress = "" } = request.socket;
    const isTrusted = isIn(trustedProxies, remoteAddress);
    const told = toldOf(request);
    setHeader(request, "x-forwarded-for", askerOf(request, trustedProxies));
    for (const name of ["x-forwarded-host", "x-forwarded-port"]) setHeader(request, name, null);
    setHeader(request, "x-forwarded-proto", isTrusted ? told.protocol : null);
    if (isTrusted) setHeader(request, "host", told.host);
    const { url = "/", headers } = request;
    if (basePath !== "" && !isApart(headers.host ?? "")) request.url = withoutPrefix(url, basePath);
  };
}

/**
 * Each proxy puts whom it was asked by behind what it was told. So the last one that is no proxy of ours has been seen by
 * one of ours, and what stands before that anybody may have written.
 */
function askerOf({ headers, socket }: IncomingMessage, trustedProxies: BlockList): string {
  const { remoteAddress = "" } = socket;
  const told = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  const way = [...told.map((address) => address.trim()), remoteAddress].filter((address) => address !== "");
  const asker = way.findLast((address) => !isIn(trustedProxies, address)) ?? way[0] ?? "";
  return isIP(asker) === 0 ? remoteAddress : asker;
}

/** What is no address is in no list. */
const isIn = (list: BlockList, address: string): boolean =>
  isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

/** What a proxy says of the original request. Some name the host without its port, and that beside it. */
function toldOf({ headers }: IncomingMessage): { host: string | null; protocol: string | null } {
  const protocol = firstOf(headers["x-forwarded-proto"]);
  const host = firstOf(headers["x-forwarded-host"]) ?? headers.host ?? null;
  const port = firstOf(headers["x-forwarded-port"]) ?? "";
  const isUsual = port === (protocol === "https" ? "443" : "80");
  const lacksPort = host !== null && !/:\d+$/.test(host) && /^\d{1,5}$/.test(port) && !isUsual;
  return { protocol, host: lacksPort ? `${host}:${port}` : host };
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
