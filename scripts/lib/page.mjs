import { join } from "node:path";
import { root, step } from "./run.mjs";
import { contentHash, isFresh, writeStamp } from "./stamp.mjs";

const sources = ["apps/web", "packages/client/src", "packages/protocol/src", "package-lock.json"];

/** Builds the page unless it was built from just these sources. */
export function buildPageIfNeeded() {
  const stamp = join(root, "apps", "web", "dist", ".built-from");
  const hash = contentHash(sources.map((path) => join(root, path)));
  if (isFresh(stamp, hash)) return;
  step("Building the page (once)", "npm", ["run", "build", "--silent"]);
  writeStamp(stamp, hash);
}
