/**
 * The way to a server of this machine: straight to it, past the proxies of the environment, which are for ways out and
 * are not to see the key. With HTTPS it must show the certificate that it noted in the home: the one that it has may be
 * made for another name, and by nobody whom this machine trusts.
 */
import {
  Agent,
  type ClientRequest,
  type ClientRequestArgs,
  type IncomingMessage,
  request as requestPlain,
  type RequestOptions,
} from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { type Client, createClient } from "@openhands/client";
import type { ServerFile } from "@openhands/store";

/** A client, and what its sockets are made with. */
export interface DirectConnection {
  readonly client: Client;
  readonly WebSocket: typeof globalThis.WebSocket;
}

export async function connectDirectly(
  server: Pick<ServerFile, "url" | "certificate">,
  sessionApiKey?: string,
): Promise<DirectConnection> {
  const { url: baseUrl, certificate } = server;
  const agent = certificate === null ? new Agent() : await pinnedAgent(certificate);
  const { request } = certificate === null ? { request: requestPlain } : await import("node:https");
  const fetch = fetchBy(request, agent);
  const { WebSocket } = await import("ws");
  class DirectWebSocket extends WebSocket {
    constructor(address: string | URL) {
      super(address, { agent });
    }
  }
  return {
    client: createClient({ baseUrl, fetch, ...(sessionApiKey === undefined ? {} : { sessionApiKey }) }),
    // of the same shape, but for what only browsers have
    WebSocket: DirectWebSocket as unknown as typeof globalThis.WebSocket,
  };
}

/** A connection is given out once the other end has shown the certificate with this fingerprint. */
async function pinnedAgent(fingerprint: string): Promise<Agent> {
  const [{ Agent: SecureAgent }, { connect }] = await Promise.all([import("node:https"), import("node:tls")]);
  const agent = new SecureAgent();
  agent.createConnection = ({ host, port }: ClientRequestArgs, done) => {
    const socket = connect(Number(port), host ?? "127.0.0.1", { rejectUnauthorized: false }, () => {
      if (socket.getPeerCertificate().fingerprint256 === fingerprint) done?.(null, socket);
      else socket.destroy(new Error("The server shows another certificate than the one that it noted."));
    });
    socket.once("error", (error) => done?.(error, socket));
    return null;
  };
  return agent;
}

type Ask = (
  url: string,
  options: RequestOptions,
  onAnswer: (answer: IncomingMessage) => void,
) => ClientRequest;

function fetchBy(request: Ask, agent: Agent): typeof globalThis.fetch {
  return async (input, init) => {
    const asked = new Request(input, init);
    const { method, signal } = asked;
    const body = Buffer.from(await asked.arrayBuffer());
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    request(asked.url, { agent, method, signal, headers: Object.fromEntries(asked.headers) }, (answer) => {
      const { statusCode: status = 0, headersDistinct } = answer;
      const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      );
      const isEmpty = status === 204 || status === 304;
      if (isEmpty) answer.resume();
      resolve(
        new Response(isEmpty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array<ArrayBuffer>>), {
          status,
          headers,
        }),
      );
    })
      .on("error", reject)
      .end(body);
    return await promise;
  };
}
