import { optionValues } from "../inner-commands.ts";
import { keyPath, outsideWorkspace, placeIn, sensitivePath } from "../paths.ts";
import { type Finding, pathsOf, type Rule } from "../rule.ts";
import type { ShellCommand } from "../shell-commands.ts";

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
  "chgrp",
  "unlink",
  "rmdir",
  "sed",
  "split",
  "csplit",
  "mkfifo",
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
  const { program, directory, expanded } = command;
  const argued = pathsOf(command);
  const named = writing.has(program) ? argued : writtenByOption(command);
  const redirected = command.writes.map((path) => placeIn(directory, path));
  for (const path of [...redirected, ...named]) {
    const finding = written(program, path);
    if (finding !== null) return finding;
  }
  if (command.writes.some(isExpanded))
    return { key: `${program} > $`, level: "UNKNOWN", detail: "writes where only running it would tell" };
  const read = [
    ...command.reads.map((path) => placeIn(directory, path)),
    ...(naming.has(program) ? [] : argued),
  ];
  const path = read.find((candidate) => keyPath(candidate) !== null);
  if (path !== undefined)
    return { key: `${program} ${path}`, level: "HIGH", detail: `touches ${keyPath(path)}` };
  const unsure = !naming.has(program) && command.words.some((word) => expanded.has(word) && word !== "$?");
  return unsure
    ? { key: `${program} $`, level: "MEDIUM", detail: "works on what only running it would tell" }
    : null;
};

const isExpanded = (path: string): boolean => /[$`]/.test(path) && !/^\$\{?HOME/.test(path);

/** `dd of=FILE`, `find -fprint FILE`. */
function writtenByOption(command: ShellCommand): string[] {
  const { program, words } = command;
  if (program === "dd")
    return pathsOf(
      command,
      words.flatMap((word) => /^of=(.+)$/.exec(word)?.[1] ?? []),
    );
  if (program === "sort" || program === "curl" || program === "wget" || program === "tar") {
    const options = program === "wget" ? ["-O", "-P"] : program === "tar" ? ["-C"] : ["-o", "--output"];
    return pathsOf(command, optionValues(words.slice(1), options));
  }
  if (program !== "find") return [];
  return pathsOf(
    command,
    words.filter((_, index) => /^-(fprint0?|fprintf|fls)$/.test(words[index - 1] ?? "")),
  );
}

function written(program: string, path: string): Finding | null {
  const what = sensitivePath(path);
  if (what !== null) return { key: `${program} ${path}`, level: "HIGH", detail: `writes ${what}` };
  return outsideWorkspace(path)
    ? { key: `${program} outside`, level: "HIGH", detail: "writes outside the workspace" }
    : null;
}
