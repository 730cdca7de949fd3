import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, step } from "./run.mjs";
import { contentHash, isFresh, writeStamp } from "./stamp.mjs";

/** Installs the locked dependencies unless just these are there. */
export function installIfNeeded() {
  const [major] = process.versions.node.split(".").map(Number);
  const needed = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).engines.node.match(/\d+/)[0];
  if (major < Number(needed)) {
    process.stderr.write(`Node ${needed} or newer is needed to install; this is ${process.version}.\n`);
    process.exit(1);
  }
  const stamp = join(root, "node_modules", ".cache", "installed-from");
  const hash = contentHash([join(root, "package-lock.json")]);
  if (existsSync(join(root, "node_modules", ".bin", "node")) && isFresh(stamp, hash)) return;
  step("Installing the dependencies (once)", "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeStamp(stamp, hash);
}
