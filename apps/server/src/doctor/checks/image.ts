import { type Check, note, ok } from "../check.ts";

export const imageCheck: Check = {
  name: "image",
  run: async ({ provider, config }) => {
    if (config.runtime !== "docker" && config.runtime !== "auto") return [];
    const docker = provider("docker");
    // why it can't be asked is told by its own check
    if (!(await docker.check()).ok) return [];
    const image = (await docker.usualImage?.()) ?? null;
    if (image === null) return [];
    return image.state === "present"
      ? [ok(`The sandbox image ${image.name} is there.`)]
      : [
          note(
            `The sandbox image ${image.name} is not on this engine yet.`,
            "The first conversation gets it, which takes minutes and needs the network, and tells what the engine says where that fails; or load it by hand.",
          ),
        ];
  },
};
