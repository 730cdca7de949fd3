import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultSettings } from "@openhands/protocol";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { createLayout } from "./layout.ts";
import { createSettingsStore } from "./settings-store.ts";

async function emptyStore() {
  const home = await temporaryHome();
  const layout = createLayout(home.path);
  const store = createSettingsStore(layout);
  return { ...store, layout, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

test("defaults where there is no file", async () => {
  await using store = await emptyStore();
  expect(await store.read()).toEqual({ settings: defaultSettings, problem: null });
});

test("what is written is read, with fields that this version does not know, by the owner alone", async () => {
  await using store = await emptyStore();
  const settings = { ...defaultSettings, llm_model: "openai/x", from_the_future: { a: 1 } };
  await store.write(settings);
  expect(await store.read()).toEqual({ settings, problem: null });
  expect((await stat(store.layout.settingsFile)).mode & 0o777).toBe(0o600);
  expect(await readdir(store.layout.home)).toEqual(["settings.json"]);
});

test.each(['{"llm_model": "openai/x"', "[]", "null", "\0\0\0"])("%j is set aside and named", async (text) => {
  await using store = await emptyStore();
  await writeFile(store.layout.settingsFile, text);
  const { settings, problem } = await store.read();
  expect(settings).toEqual(defaultSettings);
  const [aside = ""] = await readdir(store.layout.home);
  expect(aside).toMatch(/^settings\.json\.broken-/);
  expect(problem).toContain(aside);
  expect(await readFile(join(store.layout.home, aside), "utf8")).toBe(text);
  expect(await store.read()).toEqual({ settings: defaultSettings, problem: null });
});

test("a wrong field has its default, the others stay", async () => {
  await using store = await emptyStore();
  const text = JSON.stringify({ llm_model: "openai/x", max_iterations: "many", mine: 1 });
  await writeFile(store.layout.settingsFile, text);
  const expected = { ...defaultSettings, llm_model: "openai/x", mine: 1 };
  const { settings, problem } = await store.read();
  expect(settings).toEqual(expected);
  expect(problem).toContain("max_iterations");
  expect(await store.read()).toEqual({ settings: expected, problem: null });
  expect(await readdir(store.layout.home)).toHaveLength(2);
});

test("two reads at once of a broken file lose nothing", async () => {
  await using store = await emptyStore();
  await writeFile(store.layout.settingsFile, "broken");
  const results = await Promise.all([store.read(), store.read()]);
  expect(results.map(({ settings }) => settings)).toEqual([defaultSettings, defaultSettings]);
  expect(await readdir(store.layout.home)).toHaveLength(1);
});
