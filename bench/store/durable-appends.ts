import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { ConversationId } from "@openhands/protocol";
import { createRedactor, openEventLog, type OpenEventLog } from "@openhands/store";
import { messageDraft, temporaryHome } from "@openhands/testing";
import type { Figure } from "../bench.ts";

const appends = 4000;
const draft = messageDraft("x".repeat(300));

/** Appends a second, each awaited by its conversation until it is on disk. */
export async function durableAppends(): Promise<readonly Figure[]> {
  await using home = await temporaryHome();
  const plain = await plainSyncs(home.path);
  const one = await conversations(join(home.path, "one"), 1);
  const hundred = await conversations(join(home.path, "hundred"), 100);
  const rate = (perSecond: number): string => `${Math.round(perSecond)} / s`;
  return [
    { what: "write and fdatasync, one after the other", value: rate(plain) },
    { what: "durable appends, 1 conversation", value: rate(one) },
    {
      what: "durable appends, 100 conversations at once",
      value: `${rate(hundred)}, ${(hundred / one).toFixed(1)} × one, ${(hundred / plain).toFixed(1)} × the bare disk`,
    },
  ];
}

/** What the disk does without any of our code. */
async function plainSyncs(folder: string): Promise<number> {
  const file = await open(join(folder, "plain"), "w");
  const bytes = Buffer.from(JSON.stringify(draft));
  const perSecond = await rateOf(1000, async () => {
    for (let count = 0; count < 1000; count += 1) {
      await file.write(bytes);
      await file.datasync();
    }
  });
  await file.close();
  return perSecond;
}

async function conversations(folder: string, count: number): Promise<number> {
  const logs = await Promise.all(Array.from({ length: count }, (_, index) => makeLog(folder, index)));
  const each = appends / count;
  const perSecond = await rateOf(
    appends,
    async () => void (await Promise.all(logs.map(async (log) => await appendTo(log, each)))),
  );
  await Promise.all(logs.map(async (log) => await log.close()));
  return perSecond;
}

async function makeLog(folder: string, index: number): Promise<OpenEventLog> {
  const conversationId = ConversationId.parse(index.toString(16).padStart(32, "0"));
  const path = join(folder, conversationId, "events.json");
  await mkdir(join(folder, conversationId), { recursive: true });
  return await openEventLog({ path, conversationId, redactor: createRedactor() });
}

async function appendTo(log: OpenEventLog, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await log.append([draft]);
}

async function rateOf(count: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (count / (performance.now() - began)) * 1000;
}
