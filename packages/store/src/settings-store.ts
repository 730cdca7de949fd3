/** `settings.json`: small, written whole, edited by hand at times. Unknown fields are kept. */
import { defaultSettings, Settings } from "@openhands/protocol";
import { parseJson, readDocument, setAside, writeDocument } from "./documents.ts";
import type { Layout } from "./layout.ts";
import type { SettingsStore } from "./store.ts";

export function createSettingsStore(
  layout: Layout,
  options: { readonly clock?: () => number } = {},
): SettingsStore {
  const path = layout.settingsFile;
  const clock = options.clock ?? Date.now;

  async function write(settings: Settings): Promise<void> {
    await writeDocument(path, `${JSON.stringify(settings, null, 2)}\n`);
  }

  /** Keeps what was there under another name and what could be used of it as the settings. */
  async function beginAnew(value: unknown): Promise<{ settings: Settings; problem: string | null }> {
    const aside = await setAside(path, clock());
    if (aside === null) return read();
    const { settings, dropped } = salvage(value);
    if (dropped.length > 0) await write(settings);
    const what =
      dropped.length > 0
        ? `${dropped.join(", ")} could not be used and has its default again`
        : "it could not be read, so the defaults are in use";
    return { settings, problem: `settings.json: ${what}; the old file is kept as ${aside}.` };
  }

  async function read(): Promise<{ settings: Settings; problem: string | null }> {
    const text = await readDocument(path);
    if (text === null || text.trim() === "") return { settings: defaultSettings, problem: null };
    const value = parseJson(text);
    const parsed = Settings.safeParse(value);
    return parsed.success ? { settings: parsed.data, problem: null } : beginAnew(value);
  }

  return { read, write };
}

/** The settings without the fields that are wrong. `dropped` is empty when nothing could be used. */
function salvage(value: unknown): { settings: Settings; dropped: string[] } {
  const parsed = Settings.safeParse(value);
  const dropped = new Set(parsed.error?.issues.map((issue) => String(issue.path[0] ?? "")));
  if (typeof value !== "object" || value === null || Array.isArray(value) || dropped.has("")) {
    return { settings: defaultSettings, dropped: [] };
  }
  const rest = Object.fromEntries(Object.entries(value).filter(([name]) => !dropped.has(name)));
  return { settings: Settings.parse(rest), dropped: [...dropped] };
}
