/** What the model is told of a search, in the words of OpenHands' `grep` and `glob`. */
interface Where {
  readonly pattern: string;
  readonly folder: string;
  readonly include: string | null;
}

export const searchMessages = {
  noFolder: (path: string): string =>
    `Invalid \`path\` parameter: ${path}. There is no such file or folder that can be searched.`,

  failed: (said: string): string => `The search failed, so nothing is known: ${said}`,

  tooLong: (most: number): string =>
    `Invalid \`pattern\` parameter: it has more than ${most} characters. Use a shorter one.`,

  unfinished:
    "\n\n[There is more than could be looked at in time, so some may be missing. Use a narrower path or a more specific pattern.]",

  binaries: (paths: readonly string[]): string =>
    `\n\n[Binary files match, too; their lines are not shown: ${paths.join(", ")}]`,

  files(pattern: string, folder: string, found: { files: readonly string[]; total: number }): string {
    if (found.total === 0) return `No files found matching pattern '${pattern}' in directory '${folder}'`;
    const more =
      found.total > found.files.length
        ? `\n\n[Results truncated to first ${found.files.length} files. Consider using a more specific pattern.]`
        : "";
    return `Found ${found.total} file(s) matching pattern '${pattern}' in '${folder}':\n${found.files.join("\n")}${more}`;
  },

  matches(
    { pattern, folder, include }: Where,
    found: { blocks: string; files: readonly string[]; lines: number },
  ): string {
    const filter = include === null ? "" : ` (filtered by '${include}')`;
    if (found.lines === 0)
      return `No files found containing pattern '${pattern}' in directory '${folder}'${filter}`;
    return `Found ${found.lines} line(s) in ${found.files.length} file(s) containing pattern '${pattern}' in '${folder}'${filter}:\n${found.blocks}`;
  },

  moreLines: (lines: number): string =>
    `\n\n[Results truncated to first ${lines} lines. Consider a stricter pattern, a narrower path or an include filter.]`,
};
