import type { Redactor } from "./store.ts";

/**
 * A file's bytes without secrets, of whatever kind it is: a byte is a character here, so that what holds no secret comes
 * out as it went in. The redactor knows values in that form too.
 */
export async function* redactedBytes(
  content: AsyncIterable<string | Uint8Array>,
  redactor: Pick<Redactor, "stream">,
): AsyncGenerator<Uint8Array> {
  const stream = redactor.stream();
  for await (const part of content) {
    const bytes = Buffer.from(stream.push(Buffer.from(part).toString("latin1")), "latin1");
    if (bytes.length > 0) yield bytes;
  }
  yield Buffer.from(stream.end(), "latin1");
}
