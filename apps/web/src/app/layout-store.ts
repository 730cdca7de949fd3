/** Where the columns are: what is folded away, how wide the side panel is. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Remembered } from "./remembered.ts";

export interface Layout {
  readonly listOpen: boolean;
  readonly panelOpen: boolean;
  /** part of the room beside the list that the panel takes, in percent */
  readonly panelShare: number;
  /** name of the side panel's tab that is shown; not remembered */
  readonly panelTab: string;
}

export type LayoutStore = StoreApi<Layout>;

export const panelShareLimits = { least: 25, most: 65, usual: 44 } as const;

/**
 * @param roomy tells whether the columns stand side by side now. Only then a choice is remembered: on a narrow screen
 *   list and panel slide over the conversation and start closed.
 */
export function createLayoutStore(remembered: Remembered, roomy: () => boolean): LayoutStore {
  const share = Number(remembered.read("panelShare") ?? panelShareLimits.usual);
  const store = createStore<Layout>(() => ({
    ...columnsFor(remembered, roomy()),
    panelShare: Number.isFinite(share) ? clampShare(share) : panelShareLimits.usual,
    panelTab: "commands",
  }));
  store.subscribe((layout, before) => {
    if (layout.panelShare !== before.panelShare) remembered.write("panelShare", String(layout.panelShare));
    if (!roomy()) return;
    remembered.write("list", layout.listOpen ? "open" : "closed");
    remembered.write("panel", layout.panelOpen ? "open" : "closed");
  });
  return store;
}

/** What stands open at first, and again when the window became narrow or roomy. */
export function columnsFor(remembered: Remembered, roomy: boolean): Pick<Layout, "listOpen" | "panelOpen"> {
  const open = (name: string): boolean => roomy && remembered.read(name) !== "closed";
  return { listOpen: open("list"), panelOpen: open("panel") };
}

export function clampShare(percent: number): number {
  return Math.round(Math.min(panelShareLimits.most, Math.max(panelShareLimits.least, percent)) * 10) / 10;
}
