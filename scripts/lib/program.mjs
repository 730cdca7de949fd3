/**
 * The program in a few files: all of `openhands` put together, which starts in about half the time and memory of the
 * 600 files that it is made of. It is used only while each of those is the very file that it was made from; else the
 * TypeScript itself is run, so what runs is never older than what one reads.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { attempt, root } from "./run.mjs";

/** a folder for each build: a server that runs loads parts of its own late */
export const programsFolder = join(root, "node_modules", ".cache", "program");
/** which build is the newest, and what it was made from */
export const programRecord = join(programsFolder, "newest.json");

/** What tells a file from all that it was before: no write leaves the time of its last change as it was. */
export function traceOf(path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.ctimeMs} ${stat.size}`;
}

/** The file to run, where there is one made from just these sources; else null. */
export function freshProgram() {
  if (!existsSync(programRecord)) return null;
  const { entry, sources } = JSON.parse(readFileSync(programRecord, "utf8"));
  const program = join(programsFolder, entry);
  const isFresh = Object.entries(sources).every(([path, trace]) => traceOf(path) === trace);
  return isFresh && existsSync(program) ? program : null;
}

/** Makes the program unless it was made from just these sources. Where it can't be, the sources are run as they are. */
export function buildProgramIfNeeded() {
  if (freshProgram() !== null) return;
  const build = join(root, "scripts", "build-program.mjs");
  const failure = attempt("Putting the program together (once)", "node", [build]);
  if (failure !== null) process.stderr.write(`${failure}\nIt runs without, and starts a little slower.\n`);
}
