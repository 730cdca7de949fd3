/** A stamp says from which content something was made, so that it is made again only when that changed. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The hash of files and of all files in folders. */
export function contentHash(paths) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesBelow).toSorted())
    hash.update(path).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

export function isFresh(stamp, hash) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
}

export function writeStamp(stamp, hash) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

function filesBelow(path) {
  const entries = readdirSync(dirname(path), { withFileTypes: true });
  const self = entries.find((entry) => entry.name === path.split("/").at(-1));
  if (!self?.isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\/(node_modules|dist)(\/|$)/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name));
}
