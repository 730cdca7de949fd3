/** What the model is told of files, in the words of OpenHands' editor, which models know. */
import { secretHidden } from "@openhands/protocol";
import type { FileProblem } from "../helper/file-operations.ts";

export const largestFile = 10 * 1024 * 1024;
/** In base64 this is the 5 MB that providers take; a larger one in the log would make every later request fail. */
export const largestImage = 3.75 * 1024 * 1024;

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(2);

const invalidPath = (path: string, why: string): string => `Invalid \`path\` parameter: ${path}. ${why}`;

export const fileMessages = {
  clipMarker:
    "\n<response clipped><NOTE>Due to the max output limit, only part of this file has been shown to you. Use `view_range`, or find the line numbers you need with `grep -n`, to see the rest.</NOTE>\n",

  relativePath: (path: string, meant: string | null): string =>
    invalidPath(
      path,
      `The path should be an absolute path, starting with \`/\`.${meant ? ` Maybe you meant ${meant}?` : ""}`,
    ),

  noName: (path: string): string => invalidPath(path, "No path holds a NUL character."),

  problem(path: string, problem: FileProblem, detail: string): string {
    switch (problem) {
      case "missing":
        return invalidPath(path, `The path ${path} does not exist. Please provide a valid path.`);
      case "directory":
        return invalidPath(
          path,
          `The path ${path} is a directory and only the \`view\` command can be used on directories.`,
        );
      case "exists":
        return `Invalid \`path\` parameter: File already exists at: ${path}. Cannot overwrite files using command \`create\`.`;
      case "large":
        return invalidPath(
          path,
          `The file is too large (${megabytes(Number(detail))} MB; at most ${largestFile / 1024 / 1024} MB). Read or change it with a command in the terminal.`,
        );
      case "denied":
        return invalidPath(path, "Permission denied.");
      case "special":
        return invalidPath(path, "It is neither a file nor a directory but a device, a socket or a pipe.");
      case "changed":
      case "unable":
      case "failed":
        return `The file ${path} was left as it was, because writing failed: ${detail}`;
    }
  },

  binary: (path: string): string =>
    invalidPath(
      path,
      "The file is binary, not text, and this tool cannot show or edit it. Use a command in the terminal.",
    ),

  notInEncoding: (path: string, encoding: string): string =>
    `No replacement was performed. ${path} is in the encoding ${encoding}, and \`new_str\` has a character that it cannot hold. Choose another character, or convert the file first, e.g. with \`iconv\` or Python.`,

  masked: (parameter: string): string =>
    `Nothing was changed: \`${parameter}\` contains \`${secretHidden}\`, which stands for a secret that you are not shown. Written into a file it would replace the secret. Edit the text beside it, or write the name of an environment variable instead.`,

  notAsSeen: (path: string): string =>
    `\nNOTE: ${path} was changed by something else (a command, a person) since you last saw it. View it again before you rely on what you remember of it.`,

  keepsChanging: (path: string): string =>
    `Nothing was changed: ${path} is being written by something else all the time. Wait until it is done, or stop it.`,

  required: (parameter: string, command: string): string =>
    `Parameter \`${parameter}\` is required for command: ${command}.`,

  created: (path: string): string => `File created successfully at: ${path}`,

  edited: (path: string, numbered: string): string =>
    `The file ${path} has been edited. Here's the result of running \`cat -n\` on a snippet of ${path}:\n${numbered}\nReview the changes and make sure they are what you wanted (indentation, no doubled lines). Edit the file again if necessary.`,

  undone: (path: string, numbered: string): string =>
    `Last edit to ${path} undone successfully. Here's the result of running \`cat -n\` on ${path}:\n${numbered}`,

  noHistory: (path: string): string => `No edit history found for ${path}.`,

  changedSince: (path: string): string =>
    `Nothing was undone: ${path} was changed by something else after the last edit, or what the edit took away was a secret and is not kept. Restoring it would lose or break something; edit it instead.`,

  viewed: (path: string, numbered: string): string =>
    `Here's the result of running \`cat -n\` on ${path}:\n${numbered}`,

  largeImage: (path: string, bytes: number): string =>
    invalidPath(
      path,
      `The image is too large to be looked at (${megabytes(bytes)} MB; at most ${megabytes(largestImage)} MB). Make a smaller copy with a command in the terminal and view that.`,
    ),

  image: (path: string): string => `Image file ${path} read successfully.`,

  directory: (path: string, entries: string): string =>
    `Here's the files and directories up to 2 levels deep in ${path}, excluding hidden items:\n${entries}`,

  hidden: (path: string, count: number): string =>
    `\n\n${count} hidden files/directories in this directory are excluded. You can use 'ls -la ${path}' to see them.`,

  sameStrings: "No replacement was performed. `new_str` and `old_str` must be different.",

  notFound: (path: string, wanted: string): string =>
    `No replacement was performed, old_str \`${wanted}\` did not appear verbatim in ${path}.`,

  notUnique: (wanted: string, lines: readonly number[]): string =>
    `No replacement was performed. Multiple occurrences of old_str \`${wanted}\` in lines [${lines.join(", ")}]. Please ensure it is unique.`,

  insertLine: (line: number, lines: number): string =>
    `Invalid \`insert_line\` parameter: ${line}. It should be within the range of allowed values: [0, ${lines}]`,

  viewRange: (range: readonly number[], why: string): string =>
    `Invalid \`view_range\` parameter: [${range.join(", ")}]. ${why}`,

  fewerLines: (lines: number): string =>
    `\nNOTE: We only show up to ${lines} since there's only ${lines} lines in this file.`,

  directoryRange: "The `view_range` parameter is not allowed when `path` points to a directory.",
};
