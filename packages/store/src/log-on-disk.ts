/** What can be learned of a log without opening it for writing: nothing is mended, and what can't be read is stepped over. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { isKnown, plainText } from "@openhands/protocol";
import { LogFile } from "./log-file.ts";
import { rowsForward } from "./log-rows.ts";
import { lastLine } from "./log-scan.ts";
import type { MessageText } from "./store.ts";

/** -1 for an empty log */
export async function lastSeqOnDisk(path: string): Promise<number> {
  await using log = await openForReading(path);
  return (await lastLine(log.file))?.seq ?? -1;
}

/** The texts of the messages after a seq, in order. */
export async function* messagesOnDisk(path: string, afterSeq: number): AsyncGenerator<MessageText> {
  await using log = await openForReading(path);
  const range = { from: afterSeq + 1, before: ((await lastLine(log.file))?.seq ?? -1) + 1 };
  for await (const event of rowsForward(log.file, range, { kind: "MessageEvent" })) {
    if (isKnown(event) && event.kind === "MessageEvent") {
      yield { seq: event.seq, text: plainText(event.llm_message.content) };
    }
  }
}

async function openForReading(path: string): Promise<AsyncDisposable & { readonly file: LogFile }> {
  const handle = await open(path, constants.O_RDONLY);
  const { size } = await handle.stat();
  return { file: new LogFile(handle, size, null), [Symbol.asyncDispose]: () => handle.close() };
}
