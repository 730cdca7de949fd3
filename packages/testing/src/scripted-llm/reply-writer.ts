/** Carries one reply out on one HTTP response, in the words of the request's wire. */
import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import type { AnswerReply, Reply } from "./reply.ts";
import type { RequestRecord } from "./request.ts";
import { scriptedAnswer, type ScriptedAnswer } from "./scripted-answer.ts";

/** Resolves when nothing more will be written, also because the client has gone. */
export async function writeReply(
  response: ServerResponse,
  request: RequestRecord,
  reply: Reply,
): Promise<void> {
  switch (reply.kind) {
    case "answer":
      return sendAnswer(response, request, reply);
    case "fail":
      return sendFailure(response, request, reply);
    case "hang":
      if (reply.text !== null) await streamText(response, request, reply.text);
      return;
    case "reset":
      return breakConnection(response, request);
    case "truncate":
      await streamText(response, request, reply.text);
      return breakConnection(response, request);
    case "half-line":
      await streamText(response, request, reply.text);
      return halfALine(response, request, reply.text);
    case "break":
      await streamText(response, request, reply.text);
      response.end(request.wire.errorEvent(reply.error));
  }
}

async function sendAnswer(
  response: ServerResponse,
  request: RequestRecord,
  reply: AnswerReply,
): Promise<void> {
  const { wire, asked } = request;
  const answer = scriptedAnswer(headOf(request), reply);
  if (!asked.streamed) return sendJson(response, 200, wire.body(answer));
  startStream(response);
  for (const event of eventsOf(request, answer)) {
    if (response.destroyed) return;
    await writeInPieces(response, event, reply.writeSize);
    if (reply.chunkMilliseconds) await delay(reply.chunkMilliseconds);
  }
  response.end();
}

function* eventsOf({ wire }: RequestRecord, answer: ScriptedAnswer): Generator<string> {
  yield* wire.content(answer);
  yield* wire.end(answer);
}

const headOf = (request: RequestRecord) => ({
  number: request.number,
  model: request.asked.model,
  tellsUsage: request.asked.tellsUsage ?? true,
  promptCharacters: request.text.length,
});

function sendFailure(
  response: ServerResponse,
  request: RequestRecord,
  reply: Extract<Reply, { kind: "fail" }>,
): void {
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  const body = reply.body ?? request.wire.errorBody(reply.status, `scripted failure ${reply.status}`);
  if (typeof body !== "string") return sendJson(response, reply.status, body);
  response.writeHead(reply.status).end(body);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
}

async function streamText(response: ServerResponse, request: RequestRecord, text: string): Promise<void> {
  startStream(response);
  const answer = scriptedAnswer(headOf(request), { text });
  for (const event of request.wire.content(answer)) await write(response, event);
}

function halfALine(response: ServerResponse, request: RequestRecord, text: string): void {
  const [event = ""] = request.wire.end(scriptedAnswer(headOf(request), { text }));
  const data = event.slice(event.indexOf("data: "));
  response.end(data.slice(0, data.length / 2));
}

function breakConnection(response: ServerResponse, request: RequestRecord): void {
  request.breakingOff();
  response.socket?.resetAndDestroy();
}

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
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.once("drain", done);
    response.once("close", done);
  });
}
