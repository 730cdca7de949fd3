/**
 * The gate before every call and socket: is the Host ours (DNS rebinding), does the request come from our own page
 * (cross-site requests), and who sends it.
 */
import { isIP } from "node:net";
import { hostname } from "node:os";
import { AppError } from "@openhands/protocol";
import { cookieValues } from "./cookie.ts";
import type { SignIns } from "./sign-ins.ts";

export interface GateOptions {
  /** null: no key is asked for (loopback only) */
  readonly signIns: SignIns | null;
  readonly allowedHosts: readonly string[];
  readonly cookieName: string;
}

/** What the gate reads of a request. */
export interface GateRequest {
  readonly method: string;
  header(name: string): string | undefined;
}

export class Gate {
  readonly #options: GateOptions;
  readonly #hosts: ReadonlySet<string>;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#hosts = new Set([
      "localhost",
      hostname().toLowerCase(),
      ...options.allowedHosts.map((host) => host.toLowerCase()),
    ]);
  }

  /** @throws AppError `forbidden` */
  checkOrigin(request: GateRequest): void {
    const host = request.header("host") ?? "";
    if (!this.#isOurHost(host)) {
      throw new AppError(
        "forbidden",
        "This host name is not allowed. Add it to ALLOWED_HOSTS if it is yours.",
      );
    }
    const site = request.header("sec-fetch-site");
    if (site === "cross-site" || site === "same-site") {
      throw new AppError("forbidden", "Requests from other sites are refused.");
    }
    const origin = request.header("origin");
    if (origin !== undefined && !isSameHost(origin, host)) {
      throw new AppError("forbidden", "Requests from other origins are refused.");
    }
  }

  /** True when the request itself shows access; a socket may still show it in its first frame. @throws AppError `forbidden` */
  hasAccess(request: GateRequest, queryKey: string | null = null): boolean {
    const { signIns } = this.#options;
    if (signIns === null) return true;
    const key = request.header("x-session-api-key") ?? queryKey;
    if (key !== null) return signIns.isSessionKey(key);
    if (!this.cookies(request).some((cookie) => signIns.isCookie(cookie))) return false;
    const writes = request.method !== "GET" && request.method !== "HEAD";
    if (writes && request.header("origin") === undefined) {
      throw new AppError("forbidden", "A write with a cookie needs the Origin of our own page.");
    }
    return true;
  }

  /**
   * What stays open by a request ends where the sign-in ends that let it in. For a request that has access.
   * @returns to be called where it ends before
   */
  openWith(request: GateRequest, end: () => void): () => void {
    const { signIns } = this.#options;
    const cookie = this.cookies(request).find((value) => signIns?.isCookie(value) === true);
    const isByKey = request.header("x-session-api-key") !== undefined;
    return signIns === null || cookie === undefined || isByKey
      ? () => undefined
      : signIns.openFor(cookie, end);
  }

  isSessionKey(value: string): boolean {
    return this.#options.signIns?.isSessionKey(value) ?? true;
  }

  /** What goes by the name of ours. */
  cookies(request: GateRequest): string[] {
    return cookieValues(request.header("cookie") ?? "", this.#options.cookieName);
  }

  #isOurHost(hostHeader: string): boolean {
    const name = hostName(hostHeader);
    return name !== null && (isIP(name) !== 0 || this.#hosts.has(name));
  }
}

/** Host without port and brackets, lower case; null when it is no host. */
function hostName(hostHeader: string): string | null {
  if (!URL.canParse(`http://${hostHeader}`)) return null;
  return new URL(`http://${hostHeader}`).hostname.replace(/^\[|\]$/g, "").toLowerCase();
}

function isSameHost(origin: string, hostHeader: string): boolean {
  const from = URL.parse(origin);
  return (
    from !== null && from.host !== "" && URL.parse(`${from.protocol}//${hostHeader}`)?.host === from.host
  );
}
