/** A process for tests to kill: appends to the log named by its argument and prints the last seq that is durable. */
import { writeSync } from "node:fs";
import { ConversationId, type EventDraft } from "@openhands/protocol";
import { openEventLog } from "../src/event-log.ts";
import { createRedactor } from "../src/redactor.ts";

const log = await openEventLog({
  path: process.argv[2] ?? "",
  conversationId: ConversationId.parse("0123456789abcdef0123456789abcdef"),
  redactor: createRedactor(),
});

const draft = (length: number): EventDraft => ({
  kind: "MessageEvent",
  source: "user",
  llm_message: { role: "user", content: [{ type: "text", text: "x".repeat(length) }] },
});

for (let round = 0; ; round += 1) {
  const appends = Array.from({ length: 1 + (round % 4) }, (_, index) =>
    log.append([draft((round * 7919 + index) % 9000)]),
  );
  await Promise.all(appends);
  // synchronous: what is printed was acknowledged, whenever the end comes
  writeSync(1, `${log.lastSeq}\n`);
}
