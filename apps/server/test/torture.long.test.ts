import { expect, it } from "vitest";
import { torture } from "./torture.ts";

it("a thousand conversations with a model that misbehaves keep their histories, name their ends, and run nothing twice", async () => {
  const faults: string[] = [];
  for (let first = 1001; first <= 2000; first += 25)
    faults.push(...(await torture(Array.from({ length: 25 }, (_, n) => first + n))));
  expect(faults).toEqual([]);
});
