import { keyPath, outsideWorkspace, sensitivePath } from "../paths.ts";
import { type Finding, plainWords, type Rule } from "../rule.ts";

/** Programs that write to the paths they are given. */
const writing = new Set([
  "cp",
  "mv",
  "ln",
  "tee",
  "install",
  "touch",
  "mkdir",
  "truncate",
  "chmod",
  "chown",
  "sed",
]);
/** Programs that only name a path. */
const naming = new Set([
  "ls",
  "stat",
  "file",
  "test",
  "[",
  "echo",
  "printf",
  "cd",
  "which",
  "type",
  "basename",
]);

/** Files that hold keys, files that decide what is run later, and everything outside the workspace that is written. */
export const touchesPaths: Rule = (command) => {
  const writes = writing.has(command.program) ? [...command.writes, ...plainWords(command)] : command.writes;
  for (const path of writes) {
    const finding = written(command.program, path);
    if (finding !== null) return finding;
  }
  if (naming.has(command.program)) return null;
  const path = command.words.slice(1).find((word) => keyPath(word) !== null);
  return path === undefined
    ? null
    : { key: `${command.program} ${path}`, level: "HIGH", detail: `touches ${keyPath(path)}` };
};

function written(program: string, path: string): Finding | null {
  const what = sensitivePath(path);
  if (what !== null) return { key: `${program} ${path}`, level: "HIGH", detail: `writes ${what}` };
  return outsideWorkspace(path)
    ? { key: `${program} outside`, level: "HIGH", detail: "writes outside the workspace" }
    : null;
}
