/** Carries one reply out on one HTTP response. */
import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import {
  type CompletionHead,
  completionBody,
  completionChunks,
  textChunks,
  usageChunk,
  usageOf,
} from "./completion.ts";
import type { AnswerReply, Reply } from "./reply.ts";
import type { RequestRecord } from "./request.ts";

/** Resolves when nothing more will be written, also because the client has gone. */
export async function writeReply(
  response: ServerResponse,
  request: RequestRecord,
  reply: Reply,
): Promise<void> {
  const head: CompletionHead = {
    number: request.number,
    model: request.body.model,
    created: Math.floor(Date.now() / 1000),
  };
  switch (reply.kind) {
    case "answer":
      return request.body.stream
        ? streamAnswer(response, request, head, reply)
        : sendAnswer(response, request, head, reply);
    case "fail":
      return sendFailure(response, reply);
    case "hang":
      if (reply.text !== null) await streamText(response, head, reply.text);
      return;
    case "reset":
      return breakConnection(response, request);
    case "truncate":
      await streamText(response, head, reply.text);
      return breakConnection(response, request);
    case "break":
      await streamText(response, head, reply.text);
      await write(response, serverSentEvent({ error: reply.error }));
      response.end();
  }
}

async function streamAnswer(
  response: ServerResponse,
  request: RequestRecord,
  head: CompletionHead,
  reply: AnswerReply,
): Promise<void> {
  startStream(response);
  for (const chunk of completionChunks(head, reply)) {
    if (response.destroyed) return;
    await writeInPieces(response, serverSentEvent(chunk), reply.writeSize);
    if (reply.chunkMilliseconds) await delay(reply.chunkMilliseconds);
  }
  if (request.body.stream_options?.include_usage) {
    const usage = serverSentEvent(usageChunk(head, usageOf(reply, request.bodyLength)));
    await writeInPieces(response, usage, reply.writeSize);
  }
  response.end("data: [DONE]\n\n");
}

async function sendAnswer(
  response: ServerResponse,
  request: RequestRecord,
  head: CompletionHead,
  reply: AnswerReply,
): Promise<void> {
  sendJson(response, 200, completionBody(head, reply, usageOf(reply, request.bodyLength)));
}

function sendFailure(response: ServerResponse, reply: Extract<Reply, { kind: "fail" }>): void {
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  if (typeof reply.body !== "string") return sendJson(response, reply.status, reply.body);
  response.writeHead(reply.status).end(reply.body);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
}

async function streamText(response: ServerResponse, head: CompletionHead, text: string): Promise<void> {
  startStream(response);
  for (const chunk of textChunks(head, text)) await write(response, serverSentEvent(chunk));
}

function breakConnection(response: ServerResponse, request: RequestRecord): void {
  request.breakingOff();
  response.socket?.resetAndDestroy();
}

const serverSentEvent = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;

async function writeInPieces(
  response: ServerResponse,
  text: string,
  size: number | undefined,
): Promise<void> {
  if (size === undefined) {
    // Waiting for the socket after each chunk would cost more than the chunk; only a full buffer is waited for.
    if (!response.write(text)) await drained(response);
    return;
  }
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length && !response.destroyed; start += size) {
    response.write(bytes.subarray(start, start + size));
    await nextTurn();
  }
}

/** Resolves when the bytes were handed to the system, so that a reset after it does not swallow them. */
function write(response: ServerResponse, text: string): Promise<void> {
  return new Promise((resolve) => response.write(text, () => resolve()));
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("drain", resolve);
    response.once("close", resolve);
  });
}
