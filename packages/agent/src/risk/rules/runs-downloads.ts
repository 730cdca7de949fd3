import type { Rule } from "../rule.ts";
import { shells } from "../shell-commands.ts";

const interpreters = new Set([...shells, "python", "python3", "node", "perl", "ruby", "php", "source", "."]);

/** Code that nobody has read: what a download prints is run. */
export const runsDownloads: Rule = (command) => {
  if (!interpreters.has(command.program) || command.pipedFrom === null) return null;
  const plain = command.words.slice(1).filter((word) => !word.startsWith("-"));
  // a script of its own reads the pipe as data
  if (plain.length > 0) return null;
  return {
    key: `| ${command.program}`,
    level: "HIGH",
    detail: `runs what ${command.pipedFrom === "" ? "a pipe" : command.pipedFrom} prints`,
  };
};
