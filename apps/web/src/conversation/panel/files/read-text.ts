/** A file's bytes as text, or null where they are none: a text holds no zero byte. */
export async function readText(stream: ReadableStream<Uint8Array>): Promise<string | null> {
  const bytes = new Uint8Array(
    await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
  );
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // every byte means something there, so what is of another encoding can at least be read
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
