import { AppError } from "@openhands/protocol";
import type { Context } from "hono";

/** of one file, and of all files of a form */
const maxGigabytes = 2;

/** The body as it comes. @throws AppError `too_large` */
export async function* boundedBody(c: Context): AsyncGenerator<Uint8Array> {
  const most = maxGigabytes * 2 ** 30;
  if (Number(c.req.header("content-length") ?? 0) > most) throw tooLarge();
  let size = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.length;
    if (size > most) throw tooLarge();
    yield chunk;
  }
}

const tooLarge = (): AppError =>
  new AppError("too_large", `This is larger than ${maxGigabytes} GB, the most that is taken.`);
