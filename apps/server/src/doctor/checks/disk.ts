import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { type Check, note, ok, problem } from "../check.ts";

const mebibyte = 1024 * 1024;
/** The log needs little; below this a run may end at any step. */
const tooLittleMb = 200;
/** The image, once built, takes 1.1 GB. */
const littleMb = 2048;

export const diskCheck: Check = {
  name: "disk",
  run: async ({ layout }) => {
    let folder = layout.home;
    while ((await stat(folder).catch(() => null)) === null) folder = dirname(folder);
    const { bavail, bsize } = await statfs(folder);
    const free = Math.floor((bavail * bsize) / mebibyte);
    const message = `${free} MB are free where ${layout.home} lies.`;
    const fix = "Free some space, delete old conversations, or move the home with OPENHANDS_HOME.";
    if (free < tooLittleMb) return [problem(message, fix)];
    return [free < littleMb ? note(message, fix) : ok(message)];
  },
};
