/** What the person says of a model: as texts to be edited, and back into the settings. Pure. */
import type { OwnModelFacts, SettingsInfo, SettingsPatch } from "@openhands/protocol";

export const ownFactNames = ["window", "input", "output"] as const;
export type OwnFactName = (typeof ownFactNames)[number];
export type OwnFactTexts = Readonly<Record<OwnFactName, string>>;

export function ownFactTexts(facts: OwnModelFacts | undefined): OwnFactTexts {
  const text = (value: number | null | undefined): string => (typeof value === "number" ? String(value) : "");
  return {
    window: text(facts?.context_window),
    input: text(facts?.prices?.input),
    output: text(facts?.prices?.output),
  };
}

/** What is wrong, for the person; null when it can be saved. */
export function ownFactsFault({ window, input, output }: OwnFactTexts): string | null {
  const numbers = [window, input, output].filter((text) => text.trim() !== "").map(Number);
  if (numbers.some((value) => !(value >= 0))) return "Numbers are needed here, none below 0.";
  return (input.trim() === "") === (output.trim() === "") ? null : "Prices are known for both, or for none.";
}

/** The settings with `texts` for this model. What is empty is again as the catalogue has it. */
export function ownFactsPatch(model: string, texts: OwnFactTexts, settings: SettingsInfo): SettingsPatch {
  const { [model]: own = {}, ...others } = settings.llm_models;
  const { context_window: _window, prices, ...rest } = own;
  const facts: OwnModelFacts = {
    ...rest,
    ...(texts.window.trim() === "" ? {} : { context_window: Number(texts.window) }),
    ...(texts.input.trim() === ""
      ? {}
      : {
          prices: {
            cache_read: prices?.cache_read ?? null,
            cache_write: prices?.cache_write ?? null,
            input: Number(texts.input),
            output: Number(texts.output),
          },
        }),
  };
  return { llm_models: Object.keys(facts).length === 0 ? others : { ...others, [model]: facts } };
}
