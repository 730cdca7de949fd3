import type { Bench, Figure } from "./bench.ts";
import { durableAppends } from "./store/durable-appends.ts";
import { largeLogs } from "./store/large-logs.ts";
import { listing } from "./store/listing.ts";

/** The parts of what is kept. A new one: a file in `store/` and a name here. */
const measures: readonly (() => Promise<readonly Figure[]>)[] = [durableAppends, largeLogs, listing];

export const store: Bench = {
  name: "store",
  promise:
    "durable appends of 100 conversations at once ≥ 2.5 × one after the other; last page of 100,000 events, cold, ≤ 30 ms; memory flat; a page of 10,000 conversations ≤ 50 ms, start not longer for them",
  run: async () => {
    const figures: Figure[] = [];
    for (const measure of measures) figures.push(...(await measure()));
    return figures;
  },
};
