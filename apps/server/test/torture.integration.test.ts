import { expect, it } from "vitest";
import { torture } from "./torture.ts";

it.each([1, 26, 51, 76])(
  "whatever model, person and machine do, histories are valid, ends named, and nothing runs twice: 25 seeds from %d",
  async (first) => {
    const seeds = Array.from({ length: 25 }, (_, n) => first + n);
    expect(await torture(seeds)).toEqual([]);
  },
);
