/**
 * A provider of language models for tests: a real HTTP server that speaks the wires of `wires/`, told apart by path,
 * whose answers are written beforehand, and which remembers what it was asked and how each exchange ended.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fail, type Reply } from "./reply.ts";
import { sendJson, writeReply } from "./reply-writer.ts";
import { type Received, RequestRecord, type ScriptedRequest } from "./request.ts";
import { wires } from "./wires/registry.ts";

/** Thinks of the reply when the request comes; for runs too long to write down. */
export type Responder = (request: ScriptedRequest) => Reply | Promise<Reply>;

export interface ScriptedLlmOptions {
  /** default: any free one */
  readonly port?: number;
  /** asked where no pushed reply is left */
  readonly responder?: Responder;
}

export interface ScriptedLlm extends AsyncDisposable {
  /** base URL with `/v1`, as a person would write it into the settings; good for every wire */
  readonly url: string;
  /** requests for answers, in order of arrival */
  readonly requests: readonly ScriptedRequest[];
  /** Appends to the script; each request takes the first reply that is left. */
  push(...replies: readonly Reply[]): void;
  /** Resolves when `count` requests have arrived, with the last of them. */
  waitForRequest(count: number): Promise<ScriptedRequest>;
  /** Closes every connection. Idempotent. */
  stop(): Promise<void>;
}

export async function startScriptedLlm(options: ScriptedLlmOptions = {}): Promise<ScriptedLlm> {
  const script = new Script(options.responder);
  const server = createServer((request, response) => {
    serve(script, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: { message: String(error), type: "scripted_llm_error" } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests: script.requests,
    push: (...replies) => script.replies.push(...replies),
    waitForRequest: (count) => script.arrived(count),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The replies still to give, the requests so far, and who waits for more of them. */
class Script {
  readonly replies: Reply[] = [];
  readonly requests: RequestRecord[] = [];
  readonly #responder: Responder | undefined;
  #waiting: { readonly count: number; readonly resolve: (request: ScriptedRequest) => void }[] = [];

  constructor(responder: Responder | undefined) {
    this.#responder = responder;
  }

  record(received: Omit<Received, "number">, response: ServerResponse): RequestRecord {
    const request = new RequestRecord({ ...received, number: this.requests.length + 1 }, response);
    this.requests.push(request);
    for (const { count, resolve } of this.#waiting) if (count === request.number) resolve(request);
    this.#waiting = this.#waiting.filter(({ count }) => count > request.number);
    return request;
  }

  arrived(count: number): Promise<ScriptedRequest> {
    const request = this.requests[count - 1];
    return request
      ? Promise.resolve(request)
      : new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  async next(request: ScriptedRequest): Promise<Reply> {
    const reply = this.replies.shift() ?? (await this.#responder?.(request));
    if (reply) return reply;
    const message = `The script is exhausted: request ${request.number} found no reply left. Push one more.`;
    return fail(500, { error: { message, type: "scripted_llm_exhausted" } }, { "x-should-retry": "false" });
  }
}

async function serve(script: Script, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const arrivedAt = performance.now();
  const { pathname } = new URL(request.url ?? "/", "http://scripted");
  if (request.method === "GET" && pathname === "/v1/models") {
    return sendJson(response, 200, { object: "list", data: [{ id: "scripted", object: "model" }] });
  }
  const text = await readText(request);
  const received = request.method === "POST" ? receivedAt(pathname, text) : null;
  if (received === null) {
    const message = `Not served here: ${request.method} ${pathname}`;
    return sendJson(response, 404, { error: { message, type: "not_found" } });
  }
  const record = script.record({ ...received, arrivedAt }, response);
  await writeReply(response, record, await script.next(record));
}

/** @throws SyntaxError where the body is no JSON */
function receivedAt(path: string, text: string): Omit<Received, "number" | "arrivedAt"> | null {
  const body: unknown = JSON.parse(text);
  for (const wire of wires) {
    const asked = wire.asked(path, body);
    if (asked !== null) return { wire, asked, text };
  }
  return null;
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
