import type { SettingsInfo, SettingsPatch } from "@openhands/protocol";
import type { LimitField, LimitWords } from "./limit-fields.ts";

export type LimitTexts = Readonly<Partial<Record<LimitField, string>>>;

/** As they are, to be edited. */
export function limitTexts(fields: readonly LimitWords[], settings: SettingsInfo): LimitTexts {
  return Object.fromEntries(fields.map(({ field }) => [field, String(settings[field] ?? "")]));
}

/** What is wrong with a text, for the person; null when nothing is. What the number must be, the server says. */
export function limitFault({ canBeEmpty = false }: LimitWords, text: string): string | null {
  if (text.trim() === "") return canBeEmpty ? null : "A number is needed here.";
  return Number.isNaN(Number(text)) ? "This is not a number." : null;
}

/** What differs from the settings, without what is wrong. */
export function limitPatch(
  fields: readonly LimitWords[],
  texts: LimitTexts,
  settings: SettingsInfo,
): SettingsPatch {
  const changes = fields.flatMap((words) => {
    const text = texts[words.field] ?? "";
    const value = text.trim() === "" ? null : Number(text);
    return value === settings[words.field] || limitFault(words, text) !== null
      ? []
      : [[words.field, value] as const];
  });
  return Object.fromEntries(changes);
}
