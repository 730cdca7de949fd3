import { type Check, note, ok } from "../check.ts";

export const imageCheck: Check = {
  name: "image",
  run: async ({ provider, config }) => {
    if (config.runtime !== "docker" && config.runtime !== "auto") return [];
    const docker = provider("docker");
    if (!(await docker.check()).ok) return [];
    const name = config.runtimeImage ?? "The sandbox image";
    return (await docker.canMakeAhead?.())
      ? [ok(`${name} is there.`)]
      : [
          note(
            `${name} is not on this engine yet.`,
            "The first conversation gets it, which takes minutes and needs the network; or load it by hand.",
          ),
        ];
  },
};
