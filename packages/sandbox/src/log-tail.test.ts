import { expect, it } from "vitest";
import { LogTail } from "./log-tail.ts";

it("keeps the last lines, put together from pieces", () => {
  const tail = new LogTail(3);
  for (const piece of ["one\ntw", "o\nthr", "ee\n", "four\nfive"]) tail.add(piece);
  expect(String(tail)).toBe("three\nfour\nfive");
  tail.add("!\n");
  expect(String(tail)).toBe("three\nfour\nfive!");
});

it("keeps a part of a line without end", () => {
  const tail = new LogTail();
  for (let count = 0; count < 100; count += 1) tail.add("x".repeat(1000));
  expect(String(tail).length).toBeLessThan(10_000);
});
