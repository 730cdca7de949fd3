import { defaultSettings, type SettingsInfo } from "@openhands/protocol";
import { expect, test } from "vitest";
import { ownFactsFault, ownFactsPatch, ownFactTexts } from "./own-facts.ts";

const settings: SettingsInfo = {
  ...defaultSettings,
  llm_models: {
    "openai/mine": {
      context_window: 8_000,
      vision: true,
      prices: { input: 1, output: 2, cache_read: 0.1, cache_write: null },
    },
    "openai/other": { tools: false },
  },
  llm_api_key_set: true,
  overridden_by: {},
  effective_llm_model: "openai/mine",
};

test("what is said of a model comes back as it was, with what is not shown", () => {
  const texts = ownFactTexts(settings.llm_models["openai/mine"]);
  expect(texts).toEqual({ window: "8000", input: "1", output: "2" });
  expect(ownFactsPatch("openai/mine", texts, settings)).toEqual({ llm_models: settings.llm_models });
});

test("what is emptied is as the catalogue has it, and other models stay", () => {
  const empty = { window: "", input: "", output: "" };
  expect(ownFactsPatch("openai/mine", empty, settings)).toEqual({
    llm_models: { "openai/mine": { vision: true }, "openai/other": { tools: false } },
  });
  expect(ownFactsPatch("openai/new", empty, settings)).toEqual({ llm_models: settings.llm_models });
});

test("what can't be saved is said", () => {
  expect(ownFactsFault({ window: "many", input: "", output: "" })).toContain("Numbers");
  expect(ownFactsFault({ window: "", input: "1", output: "" })).toContain("both");
  expect(ownFactsFault({ window: "8000", input: "0", output: "0" })).toBeNull();
});
