import { type Check, note, ok, problem } from "../check.ts";

export const settingsCheck: Check = {
  name: "settings",
  run: async ({ layout, settings, config }) => {
    if (settings === null) {
      return [
        problem(
          `${layout.settingsFile} can't be read, or a field of it does not fit.`,
          "Correct it, or remove it: the next start sets it aside and goes on with the defaults.",
        ),
      ];
    }
    const usual = [
      ok(`Runtime: ${config.runtime}. Model: ${config.llm.model ?? settings.llm_model ?? "demo/tour"}.`),
    ];
    if (config.runtime !== "local") return usual;
    return [
      ...usual,
      note("The runtime is local: nothing is isolated.", "Choose docker or bubblewrap with --runtime."),
    ];
  },
};
