import { expect, test } from "vitest";
import { createInOrder } from "./in-order.ts";

test("work is done in the order given, one at a time, whatever fails", async () => {
  const inOrder = createInOrder();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const slow = inOrder(async () => {
    await first.promise;
    seen.push("slow");
  });
  const failing = inOrder(async () => {
    seen.push("failing");
    throw new Error("no");
  });
  const quick = inOrder(async () => seen.push("quick"));
  expect(seen).toEqual([]);
  first.resolve();
  await expect(failing).rejects.toThrow("no");
  await Promise.all([slow, quick]);
  expect(seen).toEqual(["slow", "failing", "quick"]);
});
