import { IncomingMessage } from "node:http";
import { AppError } from "@openhands/protocol";
import type { Context } from "hono";
import * as z from "zod";

/** Ids of events, at most a hundred. */
const maxBytes = 64 * 1024;
const Bindings = z.object({ incoming: z.instanceof(IncomingMessage) });

/** V1 sends JSON with a GET, which `fetch` and so Hono know nothing of. @throws AppError `invalid` */
export async function bodyOfGet<T extends z.ZodType>(c: Context, schema: T): Promise<z.infer<T>> {
  const parsed = z
    .string()
    .transform(parse)
    .pipe(schema)
    .safeParse(await textOf(c));
  if (parsed.success) return parsed.data;
  throw new AppError("invalid", "A list of at most 100 ids is expected: ?ids=…&ids=…, or JSON as the body.");
}

async function textOf(c: Context): Promise<string> {
  const bindings = Bindings.safeParse(c.env);
  if (!bindings.success) return "";
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of bindings.data.incoming) {
    chunks.push(Buffer.from(chunk as Uint8Array));
    bytes += chunks.at(-1)?.length ?? 0;
    if (bytes > maxBytes) return "";
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("no JSON");
    return z.NEVER;
  }
}
