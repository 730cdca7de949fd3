import { defaultSettings, type SettingsInfo } from "@openhands/protocol";
import { expect, test } from "vitest";
import { formOf, patchOf } from "./settings-patch.ts";

const settings: SettingsInfo = {
  ...defaultSettings,
  llm_model: "anthropic/claude-sonnet-4-5",
  llm_base_url: "https://models.test/v1",
  llm_api_key_set: true,
  overridden_by: {},
  effective_llm_model: "anthropic/claude-sonnet-4-5",
};

test("nothing changed is nothing sent: above all, no empty key", () => {
  expect(patchOf(formOf(settings), settings)).toEqual({});
});

test("only what differs is sent", () => {
  const form = { ...formOf(settings), model: " openai/gpt-5 ", key: " secret " };
  expect(patchOf(form, settings)).toEqual({ llm_model: "openai/gpt-5", llm_api_key: "secret" });
});

test("emptied fields go back to their defaults", () => {
  expect(patchOf({ model: "", key: "", baseUrl: " " }, settings)).toEqual({
    llm_model: null,
    llm_base_url: null,
  });
});
