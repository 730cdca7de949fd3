/** The container engine: that it answers, and what its sandboxes can't be held to. */
import { type Check, note, ok, problem } from "../check.ts";

export const engineCheck: Check = {
  name: "engine",
  run: async ({ provider, config }) => {
    const check = await provider("docker").check();
    if (check.ok) return [ok(check.engine), ...check.notes.map((sentence) => note(sentence))];
    const why = check.problem ?? "The container engine can't be used.";
    if (config.runtime === "docker") {
      return [problem(why, "Start the engine, or choose another runtime with --runtime.")];
    }
    if (config.runtime !== "auto") return [note(why)];
    const fallback = await provider("bubblewrap").check();
    return fallback.ok
      ? [note(why, "Nothing, if bubblewrap is enough: it is used instead.")]
      : [problem(why, "Start an engine, or install bubblewrap: without either no command can be run.")];
  },
};
