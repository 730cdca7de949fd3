/**
 * A process for tests: appends at random to the log named by its first argument and prints what is acknowledged, a JSON
 * line each. Within the write numbered by the second argument it kills itself, after a part of the bytes.
 */
import { type FileHandle, open } from "node:fs/promises";
import { writeSync } from "node:fs";
import { ConversationId, type EventDraft } from "@openhands/protocol";
import { openEventLog } from "../src/event-log.ts";
import { createRedactor } from "../src/redactor.ts";

const [path = "", fatalWrite = "1"] = process.argv.slice(2);

const random = (below: number): number => Math.floor(Math.random() * below);

async function dieWithinAWrite(): Promise<void> {
  await using handle = await open("/dev/null", "w");
  const prototype = Object.getPrototypeOf(handle) as { write: FileHandle["write"] };
  const write = prototype.write as (this: FileHandle, ...args: unknown[]) => Promise<unknown>;
  let left = Number(fatalWrite);
  prototype.write = async function (this: FileHandle, ...args: unknown[]) {
    left -= 1;
    if (left > 0) return await write.apply(this, args);
    const [bytes, offset, length, position] = args as [Buffer, number, number, number];
    // anything from nothing up to all of it, which is then neither synced nor acknowledged
    const part = random(length + 1);
    if (part > 0) await write.call(this, bytes, offset, part, position);
    process.kill(process.pid, "SIGKILL");
    return await new Promise(() => undefined);
  } as FileHandle["write"];
}

function draft(): EventDraft {
  const text = "\u00e9x\n".repeat(random(random(10) === 0 ? 30_000 : 300));
  const content = [{ type: "text" as const, text }];
  return { kind: "MessageEvent", source: "user", llm_message: { role: "user", content } };
}

const log = await openEventLog({
  path,
  conversationId: ConversationId.parse("0123456789abcdef0123456789abcdef"),
  redactor: createRedactor(),
});
await dieWithinAWrite();
for (;;) {
  const calls = Array.from({ length: 1 + random(4) }, async () => {
    const rows = await log.append(Array.from({ length: 1 + random(3) }, draft));
    // synchronous: what is printed was acknowledged, whenever the end comes
    for (const { seq, id } of rows) writeSync(1, `${JSON.stringify({ seq, id })}\n`);
  });
  await Promise.all(calls);
}
