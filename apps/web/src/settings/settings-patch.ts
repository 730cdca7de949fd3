import type { SettingsInfo, SettingsPatch } from "@openhands/protocol";

/** What stands in the form, as text. */
export interface ModelForm {
  readonly model: string;
  /** a new key; empty: the one that is set stays */
  readonly key: string;
  readonly baseUrl: string;
}

export function formOf(settings: SettingsInfo): ModelForm {
  return { model: settings.llm_model ?? "", key: "", baseUrl: settings.llm_base_url ?? "" };
}

/** What of the form differs from the settings; an emptied field goes back to its default. */
export function patchOf(form: ModelForm, settings: SettingsInfo): SettingsPatch {
  const patch: SettingsPatch = {};
  const model = form.model.trim() || null;
  const baseUrl = form.baseUrl.trim() || null;
  if (model !== settings.llm_model) patch.llm_model = model;
  if (baseUrl !== settings.llm_base_url) patch.llm_base_url = baseUrl;
  if (form.key.trim() !== "") patch.llm_api_key = form.key.trim();
  return patch;
}
