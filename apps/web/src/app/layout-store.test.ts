import { expect, test } from "vitest";
import { clampShare, columnsFor, createLayoutStore } from "./layout-store.ts";
import type { Remembered } from "./remembered.ts";

function memory(start: Record<string, string> = {}): Remembered & { readonly kept: Map<string, string> } {
  const kept = new Map(Object.entries(start));
  return {
    kept,
    read: (name) => kept.get(name) ?? null,
    write: (name, value) => {
      kept.set(name, value);
    },
  };
}

const roomy = (): boolean => true;
const narrow = (): boolean => false;

test("side by side, what was folded away stays so", () => {
  const remembered = memory();
  createLayoutStore(remembered, roomy).setState({ panelOpen: false, panelShare: 30 });
  expect(createLayoutStore(remembered, roomy).getState()).toEqual({
    listOpen: true,
    panelOpen: false,
    panelShare: 30,
    panelTab: "commands",
  });
});

test("on a narrow screen everything starts closed, and opening it is not remembered", () => {
  const remembered = memory({ list: "open", panel: "closed" });
  const store = createLayoutStore(remembered, narrow);
  expect(store.getState()).toMatchObject({ listOpen: false, panelOpen: false });
  store.setState({ panelOpen: true });
  expect(remembered.kept.get("panel")).toBe("closed");
});

test("a window that becomes narrow closes what would lie over the page, and remembers nothing of it", () => {
  const remembered = memory({ list: "open", panel: "closed" });
  expect(columnsFor(remembered, false)).toEqual({ listOpen: false, panelOpen: false });
  expect(columnsFor(remembered, true)).toEqual({ listOpen: true, panelOpen: false });
});

test("a width that makes no sense is not taken over", () => {
  expect(createLayoutStore(memory({ panelShare: "wide" }), roomy).getState().panelShare).toBe(44);
  expect(createLayoutStore(memory({ panelShare: "900" }), roomy).getState().panelShare).toBe(65);
  expect(clampShare(1)).toBe(25);
});
