/**
 * Servers in sandboxes, as browsers and programs see them: on a host of their own for each port, which a one-time link
 * lets a browser in to, or under a path of ours for programs that present the session key.
 */
import {
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import { AppError, type ConversationId } from "@openhands/protocol";
import { parseCookie } from "../access/cookie.ts";
import type { Gate } from "../access/gate.ts";
import type { Session } from "../conversations/session.ts";
import type { Logger } from "../logger.ts";
import { type Forwarding, headersIn, headersOut, pathIn } from "./forwarded-headers.ts";
import { PreviewAccess } from "./preview-access.ts";
import { answerFailure, foreseen, type PreviewFailure, refuseUpgrade } from "./preview-answers.ts";
import { connect, PreviewLinks } from "./preview-links.ts";
import { previewOrigin, type PreviewTarget, targetOfHost, targetOfPath } from "./preview-target.ts";

const cookieName = "openhands_preview";
/** after which a server that was asked counts as one that does not answer */
const answerSeconds = 120;
const entrance = "/.openhands/enter?code=";

export interface PreviewsOptions {
  /** under which each port has a host of its own */
  readonly domain: string;
  /** where people reach this server */
  readonly origin: () => string;
  readonly gate: Gate;
  /** @throws AppError `not_found` */
  readonly open: (id: ConversationId) => Promise<Session>;
  readonly logger: Logger;
}

/** One request on its way in. */
interface Passage {
  readonly session: Session;
  readonly target: PreviewTarget;
  readonly forwarding: Forwarding;
  readonly path: string;
}

export class Previews {
  readonly #options: PreviewsOptions;
  readonly #access = new PreviewAccess();
  readonly #links = new PreviewLinks();
  readonly #sockets = new Set<Duplex>();

  constructor(options: PreviewsOptions) {
    this.#options = options;
  }

  /**
   * A link that lets one browser see one port, once, within five minutes.
   * @param origin under which the page that asks is seen
   */
  link(target: PreviewTarget, origin: string): string {
    return `${previewOrigin(target, this.#options.domain, origin)}${entrance}${this.#access.newCode(target)}`;
  }

  /** Whether a request is for a server in a sandbox. */
  isFor({ headers, url = "" }: IncomingMessage): boolean {
    return targetOfHost(headers.host ?? "", this.#options.domain) !== null || targetOfPath(url) !== null;
  }

  /** Never rejects. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (this.#letIn(request, response)) return;
      const passage = await this.#passage(request);
      using _ = passage.session.sandbox.use();
      await this.#forward(request, response, passage);
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
      await this.#forwardUpgrade(request, { connection, head, passage });
    } catch (error) {
      refuseUpgrade(connection, this.#failure(error));
    }
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
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
    const { gate, open, domain, origin } = this.#options;
    const isSessionKey = (value: string): boolean => gate.isSessionKey(value);
    const ofHost = targetOfHost(request.headers.host ?? "", domain);
    if (ofHost !== null) {
      this.#checkBrowser(request, ofHost);
      const forwarding = { port: ofHost.port, origin: seenAt(request, origin()), base: "", isSessionKey };
      return { session: await open(ofHost.id), target: ofHost, forwarding, path: pathIn(request.url ?? "/") };
    }
    const found = targetOfPath(request.url ?? "");
    if (found === null) throw new AppError("not_found", "There is no such port.");
    this.#checkProgram(request);
    const { target, rest } = found;
    const base = `/conversations/${target.id}/ports/${target.port}`;
    const forwarding = { port: target.port, origin: origin(), base, isSessionKey };
    return { session: await open(target.id), target, forwarding, path: pathIn(rest) };
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
    const value = parseCookie(headers.cookie ?? "").get(cookieName);
    return value !== undefined && this.#access.isCookie(value, target);
  }

  async #forward(request: IncomingMessage, response: ServerResponse, passage: Passage): Promise<void> {
    const { session, target, forwarding, path } = passage;
    const agent = this.#links.agent(session, target);
    const headers = headersIn(request.headers, forwarding);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const inside = httpRequest({ agent, method: request.method, path, headers, setHost: false });
    const timer = endInTime(inside);
    inside.once("response", (answer) => {
      clearTimeout(timer);
      response.writeHead(
        answer.statusCode ?? 502,
        answer.statusMessage,
        headersOut(answer.headers, forwarding),
      );
      answer.pipe(response);
      answer.once("error", () => response.destroy());
    });
    inside.once("error", (error) => reject(foreseen(error) === null ? brokeOff(target, error) : error));
    response.once("close", () => {
      clearTimeout(timer);
      inside.destroy();
      resolve();
    });
    request.pipe(inside);
    await promise;
  }

  async #forwardUpgrade(
    request: IncomingMessage,
    { connection, head, passage }: { connection: Duplex; head: Buffer; passage: Passage },
  ): Promise<void> {
    const { session, target, forwarding, path } = passage;
    const link = await connect(session, target.port);
    const headers = {
      ...headersIn(request.headers, forwarding),
      connection: "Upgrade",
      upgrade: "websocket",
    };
    const inside = httpRequest({ createConnection: () => link, path, headers, setHost: false });
    const answer = await answerOf(inside.end()).catch((error: Error) => {
      link.destroy();
      throw brokeOff(target, error);
    });
    connection.write(statusLines(answer, headersOut(answer.headers, forwarding)));
    if (answer.statusCode !== 101) return void answer.pipe(connection);
    this.#sockets.add(connection);
    link.write(head);
    link.pipe(connection).pipe(link);
    const ended = [link, connection].map((end) => new Promise((resolve) => end.once("close", resolve)));
    link.on("error", () => link.destroy());
    await Promise.race(ended);
    this.#sockets.delete(connection);
    link.destroy();
    connection.destroy();
  }

  #failure(error: unknown): PreviewFailure {
    const known = foreseen(error);
    if (known !== null) return known;
    this.#options.logger.error({ err: error }, "a preview failed");
    return { status: 500, code: "internal", detail: "OpenHands itself failed; its log says how." };
  }
}

/** What stands behind the head of an upgrade's answer comes first. */
async function answerOf(inside: ClientRequest): Promise<IncomingMessage> {
  const timer = endInTime(inside);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    inside.once("error", reject);
    inside.once("response", resolve);
    inside.once("upgrade", (answer, link, rest) => {
      if (rest.length > 0) link.unshift(rest);
      resolve(answer);
    });
  });
  return await answered.finally(() => clearTimeout(timer));
}

/** Its connection knows no timeouts of its own. */
const endInTime = (inside: ClientRequest): NodeJS.Timeout =>
  setTimeout(() => inside.destroy(new Error("no answer in time")), answerSeconds * 1000).unref();

function statusLines(answer: IncomingMessage, headers: ReturnType<typeof headersOut>): string {
  const upgraded = answer.statusCode === 101;
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => `${name}: ${each}\r\n`),
  );
  const connection = upgraded ? "connection: Upgrade\r\nupgrade: websocket\r\n" : "connection: close\r\n";
  return `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${connection}${lines.join("")}\r\n`;
}

/** As a proxy in front tells it, where there is one that is trusted. @param origin of this server itself */
export function seenAt({ headers }: Pick<IncomingMessage, "headers">, origin: string): string {
  const protocol = headers["x-forwarded-proto"] ?? new URL(origin).protocol.slice(0, -1);
  return `${String(protocol)}://${headers.host ?? ""}`;
}

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);

const noAccess = (): AppError =>
  new AppError("access", "No access. Open the port from its conversation's page for a new link.");

const brokeOff = ({ port }: PreviewTarget, cause: Error): AppError =>
  new AppError(
    "unavailable",
    `The server on port ${port} in the sandbox did not answer as a web server does.`,
    { cause },
  );
