/** A process that reads the log named by its argument, and prints how long that took: see `large-logs.ts`. */
import { ConversationId } from "@openhands/protocol";
import { createRedactor, openEventLog } from "@openhands/store";

const singleReads = 200;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const before = process.memoryUsage.rss();
const opening = openEventLog({
  path: process.argv[2] ?? "",
  conversationId: ConversationId.parse("0".repeat(32)),
  redactor: createRedactor(),
});
const open = await timed(async () => await opening);
const log = await opening;
const lastPage = await timed(async () => await log.page({ limit: 100, order: "descending" }));
const events: number[] = [];
for (let count = 0; count < singleReads; count += 1) {
  events.push(await timed(async () => await log.at(Math.floor(Math.random() * log.lastSeq))));
}
await log.close();
console.log(JSON.stringify({ open, lastPage, events, memory: process.memoryUsage.rss() - before }));
