/** git's own options that take the next word as their value. */
const valueOptions = new Set([
  "-C",
  "-c",
  "--attr-source",
  "--config-env",
  "--git-dir",
  "--namespace",
  "--super-prefix",
  "--work-tree",
]);

/** The words from the subcommand on: `["push", "origin"]` for `git -C . push origin`. */
export function gitSubcommand(words: readonly string[]): string[] {
  let index = 1;
  while (words[index]?.startsWith("-") === true) index += valueOptions.has(words[index] ?? "") ? 2 : 1;
  return words.slice(index);
}
