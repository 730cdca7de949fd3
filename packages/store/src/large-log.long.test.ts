import { expect, test } from "vitest";
import { readWithLittleMemory } from "../test/read-with-little-memory.ts";

test("a log of a million events, 1 GB, takes no more memory than a short one", async () => {
  const { events, rss } = await readWithLittleMemory(1_000_000);
  expect(events).toBe(1_000_000);
  expect(rss).toBeLessThan(250 * 2 ** 20);
});
