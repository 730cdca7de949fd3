import { expect, test } from "vitest";
import { readWithLittleMemory } from "../test/read-with-little-memory.ts";

test("a log of 200 MB is read, paged, counted and searched with a heap of 64 MB", async () => {
  const { events, rss } = await readWithLittleMemory(200_000);
  expect(events).toBe(200_000);
  expect(rss).toBeLessThan(250 * 2 ** 20);
});
