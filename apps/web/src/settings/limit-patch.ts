import type { SettingsInfo, SettingsPatch } from "@openhands/protocol";

/** In the order in which they are shown. */
export const limitFields = [
  {
    field: "sandbox_memory_mb",
    name: "Memory in MB",
    note: "For all processes of one conversation together.",
  },
  { field: "sandbox_cpus", name: "Processors", note: "For example 1.5. Empty: not limited." },
  {
    field: "sandbox_idle_seconds",
    name: "Idle seconds",
    note: "After so long without need a sandbox goes, and its files stay. 0: never.",
  },
  {
    field: "sandbox_max_running",
    name: "At once",
    note: "More wait in line. Empty: what fits into the memory of this machine.",
  },
] as const;

export type LimitField = (typeof limitFields)[number]["field"];
export type LimitTexts = Readonly<Record<LimitField, string>>;

export function limitTexts(settings: SettingsInfo): LimitTexts {
  const text = (field: LimitField): string => String(settings[field] ?? "");
  return {
    sandbox_memory_mb: text("sandbox_memory_mb"),
    sandbox_cpus: text("sandbox_cpus"),
    sandbox_idle_seconds: text("sandbox_idle_seconds"),
    sandbox_max_running: text("sandbox_max_running"),
  };
}

/** What differs from the settings. What is no number is left out; only what may be empty can be emptied. */
export function limitPatch(texts: LimitTexts, settings: SettingsInfo): SettingsPatch {
  const changes = limitFields.flatMap(({ field }) => {
    const text = texts[field].trim();
    const value = text === "" ? null : Number(text);
    const canBeEmpty = field === "sandbox_cpus" || field === "sandbox_max_running";
    if (value === settings[field] || Number.isNaN(value) || (value === null && !canBeEmpty)) return [];
    return [[field, value] as const];
  });
  return Object.fromEntries(changes);
}
