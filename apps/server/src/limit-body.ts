/**
 * Refuses bodies that are larger than anything a person sends, before they are in memory. (Hono's own makes a new
 * Request from the one at hand, which fails on that of @hono/node-server.)
 */
import { AppError } from "@openhands/protocol";
import type { Context, Next } from "hono";

/** A message with images may be large. */
const maxBytes = 32 * 1024 * 1024;
/** These take files as they come, within a limit of their own. */
const streaming = /^\/api\/conversations\/[^/]+\/(file|upload)$/;

/** @throws AppError `too_large` */
export async function limitBody(c: Context, next: Next): Promise<void> {
  if (streaming.test(c.req.path)) return await next();
  if (Number(c.req.header("content-length") ?? 0) > maxBytes) throw tooLarge();
  if (c.req.header("transfer-encoding") !== undefined) {
    const { method, url, raw } = c.req;
    const body = await readUpTo(raw.body);
    if (method !== "GET" && method !== "HEAD")
      c.req.raw = new Request(url, { method, headers: raw.headers, body });
  }
  await next();
}

async function readUpTo(stream: ReadableStream<Uint8Array<ArrayBuffer>> | null): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of stream ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return new Blob(chunks);
}

const tooLarge = (): AppError =>
  new AppError("too_large", `The body is larger than ${maxBytes / 1024 / 1024} MB, the most that is taken.`);
