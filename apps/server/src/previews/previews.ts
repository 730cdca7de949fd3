/**
 * Servers in sandboxes, as browsers and programs see them: on a host of their own for each port, which a one-time link
 * lets a browser in to, or under a path of ours for programs that present the session key.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { AppError, type ConversationId } from "@openhands/protocol";
import { cookieValues } from "../access/cookie.ts";
import type { Gate } from "../access/gate.ts";
import type { Clock } from "../clock.ts";
import type { Session } from "../conversations/session.ts";
import type { Logger } from "../logger.ts";
import { Heartbeat } from "../sockets/heartbeat.ts";
import { forwardRequest } from "./forward-request.ts";
import { forwardUpgrade } from "./forward-upgrade.ts";
import { pathIn } from "./forwarded-headers.ts";
import type { Passage } from "./passage.ts";
import { PreviewAccess } from "./preview-access.ts";
import { answerFailure, foreseen, type PreviewFailure, refuseUpgrade } from "./preview-answers.ts";
import { PreviewLinks } from "./preview-links.ts";
import type { PreviewSocket } from "./preview-socket.ts";
import { previewOrigin, type PreviewTarget, targetOfHost, targetOfPath } from "./preview-target.ts";

const cookieName = "openhands_preview";
const entrance = "/.openhands/enter?code=";

export interface PreviewsOptions {
  /** under which each port has a host of its own */
  readonly domain: string;
  /** what the path of every address of the server itself begins with, without a slash at its end */
  readonly basePath: string;
  /** where people reach this server */
  readonly origin: () => string;
  readonly gate: Gate;
  /** @throws AppError `not_found` */
  readonly open: (id: ConversationId) => Promise<Session>;
  readonly logger: Logger;
  readonly clock: Clock;
  /** after which a server that was asked counts as one that does not answer */
  readonly answerSeconds: () => number;
}

export class Previews {
  readonly #options: PreviewsOptions;
  readonly #access = new PreviewAccess();
  readonly #links = new PreviewLinks();
  readonly #sockets = new Set<PreviewSocket>();
  readonly #heartbeat: Heartbeat;
  #closed = false;

  constructor(options: PreviewsOptions) {
    this.#options = options;
    this.#heartbeat = new Heartbeat(options.clock);
  }

  /**
   * A link that lets one browser see one port, once, within five minutes.
   * @param origin under which the page that asks is seen
   */
  link(target: PreviewTarget, origin: string): string {
    return `${previewOrigin(target, this.#options.domain, origin)}${entrance}${this.#access.newCode(target)}`;
  }

  /** The server in a sandbox that a request is for; null: it is for none. */
  targetOf({ headers, url = "" }: IncomingMessage): PreviewTarget | null {
    return targetOfHost(headers.host ?? "", this.#options.domain) ?? targetOfPath(url)?.target ?? null;
  }

  /** Whether it is the host of a port: there all paths are the server's in the sandbox. */
  hasHost(host: string): boolean {
    return targetOfHost(host, this.#options.domain) !== null;
  }

  /** Never rejects. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (this.#letIn(request, response)) return;
      const passage = await this.#passage(request);
      using _ = passage.session.sandbox.use();
      const agent = this.#links.agent(passage.session, passage.target);
      await forwardRequest(agent, passage, { request, response });
    } catch (error) {
      answerFailure(request, response, this.#failure(error));
    }
  }

  /** Never rejects. */
  async upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): Promise<void> {
    connection.on("error", () => connection.destroy());
    try {
      const passage = await this.#passage(request);
      using _ = passage.session.sandbox.use();
      const closed = new Promise((resolve) => connection.once("close", resolve));
      const socket = await forwardUpgrade({ request, connection, head }, passage);
      if (socket !== null) this.#keep(socket);
      await closed;
    } catch (error) {
      refuseUpgrade(connection, this.#failure(error));
    }
  }

  /** Nobody is let in any more, and every socket is told to come back later. */
  close(): void {
    this.#closed = true;
    this.#heartbeat.stop();
    for (const socket of this.#sockets) socket.restart();
  }

  #keep(socket: PreviewSocket): void {
    if (this.#closed) return socket.restart();
    this.#sockets.add(socket);
    this.#heartbeat.watch(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  /** The one-time link was followed: the host's own cookie, and on to its page. */
  #letIn(request: IncomingMessage, response: ServerResponse): boolean {
    const target = targetOfHost(request.headers.host ?? "", this.#options.domain);
    if (target === null || request.url?.startsWith(entrance) !== true) return false;
    const cookie = this.#access.exchange(request.url.slice(entrance.length), target);
    // who has the cookie already may come by an old link
    if (cookie === null && !this.#hasCookie(request, target)) throw noAccess();
    const secure = seenAt(request, this.#options.origin()).startsWith("https:") ? "; Secure" : "";
    response.writeHead(303, {
      Location: "/",
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      ...(cookie && {
        "Set-Cookie": `${cookieName}=${cookie.value}; Max-Age=${cookie.maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure}`,
      }),
    });
    response.end();
    return true;
  }

  /** @throws AppError where the request may not pass, or there is nowhere to go */
  async #passage(request: IncomingMessage): Promise<Passage> {
    if (this.#closed) throw new AppError("unavailable", "The server is stopping. Try again when it is back.");
    const { gate, open, domain, basePath, origin: own } = this.#options;
    const origin = seenAt(request, own());
    const answerSeconds = this.#options.answerSeconds();
    const isSessionKey = (value: string): boolean => gate.isSessionKey(value);
    const ofHost = targetOfHost(request.headers.host ?? "", domain);
    if (ofHost !== null) {
      this.#checkBrowser(request, ofHost);
      const forwarding = { port: ofHost.port, origin, base: "", isSessionKey };
      const path = pathIn(request.url ?? "/");
      return { session: await open(ofHost.id), target: ofHost, forwarding, path, answerSeconds };
    }
    const found = targetOfPath(request.url ?? "");
    if (found === null) throw new AppError("not_found", "There is no such port.");
    this.#checkProgram(request);
    const { target, rest } = found;
    const base = `${basePath}/conversations/${target.id}/ports/${target.port}`;
    const forwarding = { port: target.port, origin, base, isSessionKey };
    return { session: await open(target.id), target, forwarding, path: pathIn(rest), answerSeconds };
  }

  /** A page elsewhere, that of another port too, may lead here, but not speak to it in the person's name. */
  #checkBrowser({ headers, method }: IncomingMessage, target: PreviewTarget): void {
    if (!this.#hasCookie({ headers }, target)) throw noAccess();
    const site = headers["sec-fetch-site"];
    const isVisit = headers["sec-fetch-mode"] === "navigate" && method === "GET";
    const isForeign = headers.origin !== undefined && hostOf(headers.origin) !== headers.host;
    if (isForeign || ((site === "cross-site" || site === "same-site") && !isVisit))
      throw new AppError("forbidden", "Requests from other sites are refused.");
  }

  #checkProgram({ headers, method = "GET" }: IncomingMessage): void {
    const header = (name: string): string | undefined => {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    const { gate } = this.#options;
    gate.checkOrigin({ method, header });
    if (!gate.isSessionKey(header("x-session-api-key") ?? "")) throw noAccess();
    // what an agent serves must not be shown as a page of ours
    if (header("sec-fetch-dest") !== undefined)
      throw new AppError("forbidden", "This address is for programs. Open the port in the page instead.");
  }

  #hasCookie({ headers }: Pick<IncomingMessage, "headers">, target: PreviewTarget): boolean {
    return cookieValues(headers.cookie ?? "", cookieName).some((value) =>
      this.#access.isCookie(value, target),
    );
  }

  #failure(error: unknown): PreviewFailure {
    const known = foreseen(error);
    if (known !== null) return known;
    this.#options.logger.error({ err: error }, "a preview failed");
    return { status: 500, code: "internal", detail: "OpenHands itself failed; its log says how." };
  }
}

/** As a proxy in front tells it, where there is one that is trusted. @param origin of this server itself */
export function seenAt({ headers }: Pick<IncomingMessage, "headers">, origin: string): string {
  const protocol = headers["x-forwarded-proto"] ?? new URL(origin).protocol.slice(0, -1);
  return `${String(protocol)}://${headers.host ?? ""}`;
}

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);

const noAccess = (): AppError =>
  new AppError("access", "No access. Open the port from its conversation's page for a new link.");
