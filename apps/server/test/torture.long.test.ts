import { expect, it } from "vitest";
import { torture, tortureOptions } from "./torture.ts";

it.each(Array.from({ length: 10 }, (_, n) => 1001 + n * 100))(
  "a thousand conversations with a model that misbehaves keep their histories, name their ends, and run nothing twice: 100 seeds from %d",
  tortureOptions,
  async (first) => {
    expect(await torture(Array.from({ length: 100 }, (_, n) => first + n))).toEqual([]);
  },
);
