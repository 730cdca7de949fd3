import { createStore, type StoreApi } from "zustand/vanilla";

/** What lies over the page until it is closed; one at a time. */
export type Overlay = "palette" | "keys" | "model";

export type OverlayStore = StoreApi<{ readonly open: Overlay | null }>;

export const createOverlayStore = (): OverlayStore => createStore(() => ({ open: null }));
