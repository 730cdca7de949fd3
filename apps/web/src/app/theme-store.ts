import { createStore, type StoreApi } from "zustand/vanilla";
import type { Remembered } from "./remembered.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];
export type ThemeStore = StoreApi<{ readonly theme: Theme }>;

/** Keeps the chosen look, and puts it on `root` as `data-theme`; none there means: as the system has it. */
export function createThemeStore(remembered: Remembered, root: HTMLElement): ThemeStore {
  const kept = themes.find((theme) => theme === remembered.read("theme"));
  const store: ThemeStore = createStore(() => ({ theme: kept ?? "system" }));
  const show = (theme: Theme): void => {
    if (theme === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = theme;
  };
  show(store.getState().theme);
  store.subscribe(({ theme }) => {
    remembered.write("theme", theme);
    show(theme);
  });
  return store;
}
