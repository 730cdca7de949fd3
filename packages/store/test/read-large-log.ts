/** A process for tests, given little memory: reads the log named by its argument in every way there is. */
import assert from "node:assert/strict";
import { ConversationId } from "@openhands/protocol";
import { openEventLog } from "../src/event-log.ts";
import { createRedactor } from "../src/redactor.ts";

const log = await openEventLog({
  path: process.argv[2] ?? "",
  conversationId: ConversationId.parse("0123456789abcdef0123456789abcdef"),
  redactor: createRedactor(),
});
const length = log.lastSeq + 1;
let read = 0;
for await (const event of log.read()) {
  assert.equal(event.seq, read);
  read += 1;
}
assert.equal(read, length);
assert.equal(await log.count({ body: `event ${length - 1} ` }), 1);
const last = await log.page({ limit: 100, order: "descending" });
assert.deepEqual([last.length, last[0]?.seq], [100, length - 1]);
const middle = await log.at(Math.floor(length / 2));
assert.deepEqual(await log.get(middle?.id ?? ""), middle);
await log.close();
process.stdout.write(JSON.stringify({ events: read, rss: process.resourceUsage().maxRSS * 1024 }));
