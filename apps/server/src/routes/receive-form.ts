import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import type { Busboy } from "@fastify/busboy";
import { AppError } from "@openhands/protocol";
import { fileName } from "@openhands/sandbox";
import type { Context } from "hono";
import { boundedBody } from "./bounded-body.ts";

const mostFiles = 1000;

/**
 * Hands over the files of a form one after the other, as they come; its other fields are passed over.
 * @returns what `take` gave for each
 * @throws AppError `invalid` where the body is no form; whatever `take` throws
 */
export async function receiveForm<T>(
  c: Context,
  take: (name: string, content: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T[]> {
  const parser = await openParser(c.req.header("content-type") ?? "");
  const taken: T[] = [];
  let last: Promise<void> = Promise.resolve();
  parser.on("file", (_field: string, content: Readable, name: string | undefined) => {
    last = last.then(async () => void taken.push(await take(fileName(name ?? ""), content)));
    // the form is read no further
    last.catch((error: Error) => parser.destroy(error));
  });
  try {
    await pipeline(boundedBody(c), parser);
  } catch (error) {
    if (error instanceof AppError) throw error;
    await last;
    throw new AppError("invalid", "The form broke off, or is none.", { cause: error });
  }
  await last;
  return taken;
}

async function openParser(type: string): Promise<InstanceType<typeof Busboy>> {
  const library = await import("@fastify/busboy");
  try {
    return new library.Busboy({ headers: { "content-type": type }, limits: { files: mostFiles } });
  } catch (cause) {
    throw new AppError("invalid", "The body must be a form: multipart/form-data with a file.", { cause });
  }
}
