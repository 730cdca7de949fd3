import { defaultSettings, type SettingsInfo } from "@openhands/protocol";
import { expect, test } from "vitest";
import { limitPatch, limitTexts } from "./limit-patch.ts";

const settings: SettingsInfo = {
  ...defaultSettings,
  sandbox_cpus: 2,
  llm_api_key_set: true,
  overridden_by: {},
  effective_llm_model: "demo/tour",
};
const texts = limitTexts(settings);

test("nothing changed is nothing sent", () => {
  expect(limitPatch(texts, settings)).toEqual({});
});

test("only what differs is sent, and an emptied limit is none", () => {
  expect(limitPatch({ ...texts, sandbox_memory_mb: " 1024 ", sandbox_cpus: "" }, settings)).toEqual({
    sandbox_memory_mb: 1024,
    sandbox_cpus: null,
  });
});

test("what is no number, or must be one, is not sent", () => {
  expect(limitPatch({ ...texts, sandbox_memory_mb: "", sandbox_cpus: "many" }, settings)).toEqual({});
});
