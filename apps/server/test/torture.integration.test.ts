import { expect, it } from "vitest";
import { torture, tortureOptions } from "./torture.ts";

it(
  "whatever model, person and machine do, histories are valid, ends named, and nothing runs twice: 100 seeds",
  tortureOptions,
  async () => {
    expect(await torture(Array.from({ length: 100 }, (_, n) => 1 + n))).toEqual([]);
  },
);
