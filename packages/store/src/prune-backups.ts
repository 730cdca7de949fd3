import { rm } from "node:fs/promises";
import { join } from "node:path";
import { namesIn } from "./documents.ts";
import { timeOfStamp } from "./file-stamp.ts";
import type { Layout } from "./layout.ts";

/** Enough to go back several versions; what is older holds secrets that nobody remembers. */
const keptBackups = 5;

/** Of the copies that changes of format left, the newest stay. What has another name is somebody else's. */
export async function pruneBackups({ backupsFolder }: Layout): Promise<void> {
  const copies = (await namesIn(backupsFolder)).flatMap((name) => {
    const time = timeOfStamp(/^format-\d+-(.*)$/.exec(name)?.[1] ?? "");
    return time === null ? [] : [{ name, time }];
  });
  const oldest = copies.toSorted((a, b) => b.time - a.time).slice(keptBackups);
  for (const { name } of oldest) {
    // One that can't be removed is in nobody's way, and the next change of format tries again.
    await rm(join(backupsFolder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
