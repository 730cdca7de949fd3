/** When it asks, as three choices. Finer policies that programs set are shown as the nearest one. */
import type { ConfirmationPolicy, SettingsInfo, SettingsPatch } from "@openhands/protocol";

export const policyChoices = ["never", "risky", "always"] as const;
export type PolicyChoice = (typeof policyChoices)[number];

export const policyWords: Readonly<Record<PolicyChoice, string>> = {
  never: "Ask never",
  risky: "Ask before risky",
  always: "Ask always",
};

const policies: Readonly<Record<PolicyChoice, ConfirmationPolicy>> = {
  never: { kind: "NeverConfirm" },
  risky: { kind: "ConfirmRisky", threshold: "HIGH", confirm_unknown: true },
  always: { kind: "AlwaysConfirm" },
};

const choices: Readonly<Record<ConfirmationPolicy["kind"], PolicyChoice>> = {
  NeverConfirm: "never",
  ConfirmRisky: "risky",
  AlwaysConfirm: "always",
};

export const policyOf = (choice: PolicyChoice): ConfirmationPolicy => policies[choice];
export const choiceOf = (policy: ConfirmationPolicy): PolicyChoice => choices[policy.kind];

export function isPolicyChoice(value: string): value is PolicyChoice {
  return policyChoices.some((choice) => choice === value);
}

/** The rules that the server judges every action by. Any name stands for them; this is V1's for rules like them. */
const analyzer = "LLMSecurityAnalyzer";

/** What new conversations start with. */
export function settingsChoice(settings: SettingsInfo): PolicyChoice {
  if (!settings.confirmation_mode) return "never";
  return settings.security_analyzer === null ? "always" : "risky";
}

export function settingsPatchFor(choice: PolicyChoice, settings: SettingsInfo): SettingsPatch {
  switch (choice) {
    case "never":
      return { confirmation_mode: false };
    case "always":
      return { confirmation_mode: true, security_analyzer: null };
    case "risky":
      return { confirmation_mode: true, security_analyzer: settings.security_analyzer ?? analyzer };
  }
}
