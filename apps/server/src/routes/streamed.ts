/**
 * An answer that is made while it is read. What fails before its first byte is thrown, and so answered with a status
 * and a sentence; what fails later cuts the connection, so that nobody takes what came for the whole.
 */
import { OutgoingMessage } from "node:http";
import type { Context } from "hono";
import * as z from "zod";
import type { Logger } from "../logger.ts";

/** What the HTTP server hands on beside a request. */
const Bindings = z.object({ outgoing: z.instanceof(OutgoingMessage) });

type Chunk = string | Uint8Array;

export interface Streamed {
  /** read to its end or returned, whatever becomes of the answer */
  readonly content: AsyncIterable<Chunk>;
  readonly headers: Record<string, string>;
}

/** @throws what `content` throws before its first chunk */
export async function streamed(
  c: Context,
  logger: Logger,
  { content, headers }: Streamed,
): Promise<Response> {
  const chunks = content[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (c.req.method === "HEAD") {
    // its answer is thrown away unread
    await chunks.return?.();
    return c.body(null, 200, headers);
  }
  const onFailure = (error: unknown): void => {
    logger.warn({ err: error, path: c.req.path }, "an answer broke off");
    Bindings.parse(c.env).outgoing.destroy();
  };
  return c.body(ReadableStream.from(bytesOf(first, chunks, onFailure)), 200, headers);
}

/** Ends with a failure as if there were no more: what was sent is cut off by `onFailure`. */
async function* bytesOf(
  first: IteratorResult<Chunk>,
  chunks: AsyncIterator<Chunk>,
  onFailure: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await chunks.next())
      yield typeof next.value === "string" ? Buffer.from(next.value) : next.value;
  } catch (error) {
    onFailure(error);
  } finally {
    await chunks.return?.();
  }
}
