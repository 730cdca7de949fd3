import { type Check, note, ok, problem } from "../check.ts";

export const bubblewrapCheck: Check = {
  name: "bubblewrap",
  run: async ({ provider, config }) => {
    const check = await provider("bubblewrap").check();
    if (check.ok) return [ok(check.engine), ...check.notes.map((sentence) => note(sentence))];
    const why = check.problem ?? "bubblewrap can't be used.";
    return config.runtime === "bubblewrap"
      ? [problem(why, "Do that, or choose another runtime with --runtime.")]
      : [note(why)];
  },
};
