/**
 * What passes between a browser and a server in a sandbox. That one is spoken to as if its page had been opened at
 * http://localhost:{port}, which every development server accepts; nothing of ours reaches it, and nothing that it says
 * reaches beyond its own host.
 */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

/** Names of our cookies begin so, on every host. */
const ours = "openhands_";

const betweenNeighbours = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
const notPassedIn = new Set([...betweenNeighbours, "x-session-api-key", "forwarded", "x-real-ip"]);
/** the last three speak of more than one host or connection */
const notPassedOut = new Set([
  ...betweenNeighbours,
  "strict-transport-security",
  "alt-svc",
  "clear-site-data",
]);

export interface Forwarding {
  readonly port: number;
  /** the origin under which the browser sees it */
  readonly origin: string;
  /** the path under which it is seen, without a slash at its end; "" on a host of its own */
  readonly base: string;
  readonly isSessionKey: (value: string) => boolean;
}

/** Headers that go into the sandbox. */
export function headersIn(headers: IncomingHttpHeaders, forwarding: Forwarding): OutgoingHttpHeaders {
  const inside = `localhost:${forwarding.port}`;
  const passed: OutgoingHttpHeaders = {};
  const ofConnection = namedBy(headers.connection);
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || notPassedIn.has(name) || ofConnection.has(name)) continue;
    if (name.startsWith("x-forwarded-")) continue;
    if (name === "authorization" && holdsKey(String(value), forwarding)) continue;
    passed[name] = value;
  }
  passed["host"] = inside;
  const cookie = otherCookies(headers.cookie ?? "");
  if (cookie === "") delete passed["cookie"];
  else passed["cookie"] = cookie;
  if (headers.origin !== undefined) passed["origin"] = asInside(headers.origin, forwarding.origin, inside);
  if (headers.referer !== undefined) passed["referer"] = asInside(headers.referer, forwarding.origin, inside);
  return passed;
}

/** Headers that come out of it. */
export function headersOut(headers: IncomingHttpHeaders, forwarding: Forwarding): OutgoingHttpHeaders {
  const passed: OutgoingHttpHeaders = {};
  const ofConnection = namedBy(headers.connection);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !notPassedOut.has(name) && !ofConnection.has(name)) passed[name] = value;
  }
  const cookies = forwarding.base === "" ? (headers["set-cookie"] ?? []).flatMap(ofThisHostAlone) : [];
  if (cookies.length > 0) passed["set-cookie"] = cookies;
  else delete passed["set-cookie"];
  if (headers.location !== undefined) passed["location"] = seenFromOutside(headers.location, forwarding);
  if (forwarding.base !== "") {
    // seen on our own host, by programs; a browser that shows it all the same must not take it for ours
    passed["content-security-policy"] = "sandbox";
    delete passed["service-worker-allowed"];
  }
  return passed;
}

/** Headers that are said to be of this one connection; where a body ends is not among them, whoever says so. */
function namedBy(connection: string | undefined): ReadonlySet<string> {
  const names = new Set(connection?.split(",").map((name) => name.trim().toLowerCase()));
  names.delete("content-length");
  return names;
}

/** The address without a key that a program may have put there. */
export function pathIn(path: string): string {
  const at = path.indexOf("?");
  if (at === -1) return path;
  const kept = path
    .slice(at + 1)
    .split("&")
    .filter((pair) => !/^session_api_key(=|$)/.test(pair));
  return path.slice(0, at) + (kept.length === 0 ? "" : `?${kept.join("&")}`);
}

function holdsKey(value: string, { isSessionKey }: Forwarding): boolean {
  const credentials = value.replace(/^\S+\s+/, "");
  const parts = [credentials, ...Buffer.from(credentials, "base64").toString().split(":")];
  return parts.some(isSessionKey);
}

function otherCookies(header: string): string {
  const pairs = header.split(";").map((pair) => pair.trim());
  return pairs.filter((pair) => pair !== "" && !pair.startsWith(ours)).join("; ");
}

const asInside = (address: string, origin: string, inside: string): string =>
  address === origin || address.startsWith(`${origin}/`)
    ? `http://${inside}${pathIn(address.slice(origin.length))}`
    : address;

/** Without a domain, a cookie is that of the host which it comes from. */
function ofThisHostAlone(cookie: string): string[] {
  // one without a name comes back as its value, which then reads as a name
  if (cookie.replace(/^[\s=]+/, "").startsWith(ours)) return [];
  const [pair = "", ...attributes] = cookie.split(";");
  return [[pair, ...attributes.filter((attribute) => !/^\s*domain\s*=/i.test(attribute))].join(";")];
}

function seenFromOutside(location: string, { port, base }: Forwarding): string {
  const path = location.replace(
    new RegExp(`^https?://(localhost|127\\.0\\.0\\.1|\\[::1\\]):${port}(?=/|$)`),
    "",
  );
  if (path === "") return `${base}/`;
  return path.startsWith("/") && !path.startsWith("//") ? `${base}${path}` : path;
}
