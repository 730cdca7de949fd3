import type { Bench, Figure } from "./bench.ts";
import { firstLoad } from "./page/first-load.ts";
import { longConversation } from "./page/long-conversation.ts";

/** The parts of the page that are measured, on the page as it was last built. */
const measures: readonly (() => Promise<readonly Figure[]>)[] = [firstLoad, longConversation];

export const page: Bench = {
  name: "page",
  promise:
    "first load ≤ 350 kB compressed; of 20,000 events, the first paint ≤ 1.5 s, a key ≤ 50 ms (p95) while an answer streams",
  run: async () => {
    const figures: Figure[] = [];
    for (const measure of measures) figures.push(...(await measure()));
    return figures;
  },
};
