import { defaultSettings, type SettingsInfo } from "@openhands/protocol";
import { expect, test } from "vitest";
import { limitGroups } from "./limit-fields.ts";
import { limitFault, limitPatch, limitTexts } from "./limit-patch.ts";

const settings: SettingsInfo = {
  ...defaultSettings,
  sandbox_cpus: 2,
  llm_api_key_set: true,
  overridden_by: {},
  effective_llm_model: "demo/tour",
};
const fields = limitGroups.flatMap((group) => group.fields);
const texts = limitTexts(fields, settings);

test("every field is a setting, and nothing changed is nothing sent", () => {
  expect(fields.filter(({ field }) => !(field in settings))).toEqual([]);
  expect(limitPatch(fields, texts, settings)).toEqual({});
});

test("only what differs is sent, and an emptied limit is none", () => {
  expect(limitPatch(fields, { ...texts, max_iterations: " 1024 ", sandbox_cpus: "" }, settings)).toEqual({
    max_iterations: 1024,
    sandbox_cpus: null,
  });
});

test("what is no number, or must be one, is said and not sent", () => {
  const wrong = { ...texts, sandbox_memory_mb: "", sandbox_cpus: "many" };
  expect(limitPatch(fields, wrong, settings)).toEqual({});
  const faults = fields.map((words) => limitFault(words, wrong[words.field] ?? ""));
  expect(faults.filter((fault) => fault !== null)).toEqual([
    "A number is needed here.",
    "This is not a number.",
  ]);
});
