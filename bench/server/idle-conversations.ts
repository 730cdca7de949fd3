/** What a server holds of conversations that were begun and then left alone. */
import { readdir } from "node:fs/promises";
import { setTimeout as after } from "node:timers/promises";
import { temporaryHome } from "@openhands/testing";
import { type ServerProcess, startServerProcess } from "../../apps/server/test/server-process.ts";
import type { Figure } from "../bench.ts";
import { memoryOf } from "./memory-of.ts";

const count = 1000;
/** unused for so long a conversation may leave when that is asked for */
const leastSeconds = 10;

export async function idleConversations(): Promise<Figure[]> {
  await using home = await temporaryHome();
  const env = { OPENHANDS_MAX_RUNNING: "4" };
  await using own = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  const before = await memoryOf(own.pid);
  await begin(own);
  const begun = await memoryOf(own.pid);
  const files = (await readdir(`/proc/${own.pid}/fd`)).length;
  await after((leastSeconds + 1) * 1000);
  await own.client.system.cleanUp();
  const left = await memoryOf(own.pid);
  const filesLeft = (await readdir(`/proc/${own.pid}/fd`)).length;
  const each = (left - before) / count;
  return [
    { what: `${count} conversations with a message, in memory`, value: `${begun} MB, ${files} open files` },
    {
      what: "the same, once they have left memory",
      value: `${left} MB, ${filesLeft} open files; ${each.toFixed(2)} MB each above an empty server`,
    },
  ];
}

async function begin({ client }: ServerProcess): Promise<void> {
  for (let made = 0; made < count; made += 10) {
    const some = Array.from({ length: 10 }, async () => {
      await client.conversations.create({ initial_message: { content: "Look into it and say what it is" } });
    });
    await Promise.all(some);
  }
  // each has had its sandbox
  while ((await client.system.get()).sandboxes.queued > 0) await after(200);
}
