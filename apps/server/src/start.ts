/** Starts a server and gives the way to stop it. */
import { createServer as createHttp, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { AppError } from "@openhands/protocol";
import { removeServerFile, writeServerFile } from "@openhands/store";
import type { SignIns } from "./access/sign-ins.ts";
import type { Clock } from "./clock.ts";
import { type Config, isLoopback } from "./config.ts";
import { createFront } from "./front.ts";
import { logForwarded, logSocket } from "./request-log.ts";
import { readTlsFiles, type TlsFiles } from "./tls-files.ts";
import { version } from "./version.ts";
import { type Parts, wire } from "./wiring.ts";

/** How long a stop may take before the process goes anyway. */
export const stopSeconds = 10;

export interface RunningServer {
  /** e.g. http://127.0.0.1:3000 */
  readonly url: string;
  /** what a person opens: with a one-time code where a key is asked for */
  readonly link: string;
  readonly parts: Parts;
  /** Resolves when what an earlier process left has been put right. Never rejects. */
  readonly reconciled: Promise<void>;
  /** Idempotent. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** what an earlier process left is put right once this has resolved; default: at once; null: not by this server */
  readonly reconcileAfter?: Promise<void> | null;
  readonly clock?: Clock;
}

/** @throws AppError for a port in use, a home in use, a home that can't be written, a certificate that can't be used */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  let url = "";
  const parts = await wire(config, () => url + config.basePath, options.clock);
  let server: Server | null = null;
  try {
    const tls = config.tls === null ? null : await readTlsFiles(config.tls);
    server = createServer(tls);
    await listen(server, config);
    const { port } = server.address() as AddressInfo;
    url = `${config.tls === null ? "http" : "https"}://${shownHost(config.host)}:${port}`;
    await writeServerFile(parts.layout, {
      url,
      pid: process.pid,
      version: version.own,
      certificate: tls?.certificate.fingerprint256 ?? null,
    });
  } catch (error) {
    // One that can't be used must not go on listening.
    server?.close();
    parts.lock.release();
    throw error;
  }
  const answer = getRequestListener(parts.app.fetch, { overrideGlobalObjects: false });
  const { previews, sockets, logger } = parts;
  const front = createFront({ ...config, isApart: (host) => previews.hasHost(host) });
  server.on("request", (request, response) => {
    front(request);
    const target = previews.targetOf(request);
    if (target === null) return void answer(request, response);
    logForwarded(parts, target, { request, response });
    void previews.serve(request, response);
  });
  server.on("upgrade", (request, connection, head) => {
    front(request);
    const target = previews.targetOf(request);
    logSocket(logger, target, { request, connection });
    if (target === null) sockets.upgrade(request, connection, head);
    else void previews.upgrade(request, connection, head);
  });
  const link = linkTo(url + config.basePath, parts.signIns);
  const listening = server;
  let stopping: Promise<void> | null = null;
  const reconcile = async (): Promise<void> => {
    if (options.reconcileAfter === null) return;
    await options.reconcileAfter;
    if (stopping === null) await parts.sessions.reconcile(config.autoResume);
  };
  const reconciled = reconcile();
  return { url, link, parts, reconciled, stop: () => (stopping ??= stop(parts, listening)) };
}

const linkTo = (address: string, signIns: SignIns | null): string =>
  signIns === null ? address : `${address}/#code=${signIns.newCode()}`;

/**
 * No new work, then what runs, then what is written, then the home is free. Until then every call is answered, with 503:
 * a client learns that the server stops, which a refused connection does not tell.
 */
async function stop(
  { sessions, sockets, previews, layout, lock, logger }: Parts,
  server: Server,
): Promise<void> {
  const finished = sessions.close();
  sockets.close();
  previews.close();
  await finished;
  await removeServerFile(layout);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
  lock.release();
  logger.info({}, "stopped in order");
}

function createServer(tls: TlsFiles | null): Server {
  const options = {
    shouldUpgradeCallback: isWebSocket,
    // a large upload takes as long as it takes; who has gone meanwhile is found by the connection itself
    requestTimeout: 0,
    headersTimeout: 60_000,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
  };
  return tls === null ? createHttp(options) : createHttps({ ...options, cert: tls.cert, key: tls.key });
}

/** Some programs offer to go on in HTTP/2 with every call; they are answered as if they had not. */
const isWebSocket = (request: IncomingMessage): boolean =>
  request.headers.upgrade?.toLowerCase() === "websocket";

async function listen(server: Server, config: Config): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen({ port: config.port, host: config.host }, resolve);
  try {
    await promise;
  } catch (cause) {
    throw new AppError("unavailable", listenProblem(cause, config), { cause });
  }
  server.off("error", reject);
}

function listenProblem(cause: unknown, { host, port }: Config): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  if (code === "EADDRINUSE") {
    return `Port ${port} on ${host} is in use. Stop what uses it, or choose another with --port or PORT.`;
  }
  if (code === "EACCES") return `Port ${port} needs more rights. Choose one above 1023 with --port or PORT.`;
  if (code === "EADDRNOTAVAIL") return `This machine has no address ${host}. Set HOST to one that it has.`;
  return `The server can't listen on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`;
}

function shownHost(host: string): string {
  if (host === "0.0.0.0" || host === "::" || isLoopback(host))
    return host === "::1" ? "[::1]" : host.replace(/^(0\.0\.0\.0|::)$/, "127.0.0.1");
  return host.includes(":") ? `[${host}]` : host;
}
