import { gitSubcommand } from "../git-subcommand.ts";
import { outsideWorkspace, sensitivePath } from "../paths.ts";
import { hasOption, pathsOf, plainWords, type Finding, type Rule } from "../rule.ts";
import type { ShellCommand } from "../shell-commands.ts";

const wiping = new Set(["shred", "mkfs", "wipefs", "fdisk", "parted", "dd"]);

/** What can't be had back. */
export const deletes: Rule = (command) => {
  if (command.program === "git") return discards(gitSubcommand(command.words));
  if (command.program === "rm") return removes(command);
  if (command.program === "find" && command.words.includes("-delete")) return deletesFound(command);
  const wipes = wiping.has(command.program) || command.program.startsWith("mkfs.");
  if (!wipes || (command.program === "dd" && !command.words.some((word) => word.startsWith("of=/dev/"))))
    return null;
  return { key: command.program, level: "HIGH", detail: "overwrites what is there for good" };
};

function removes(command: ShellCommand): Finding | null {
  const recursive = hasOption(command, "-r", "-R", "--recursive");
  const targets = pathsOf(command, plainWords(command));
  const wide = targets.some((target) =>
    /^(\/|\/\*|~\w*\/?\*?|\$\{?HOME\}?\/?\*?|\.|\.\/|(\.\.\/?)+\*?|\*|\.\*|\/workspace\/?\*?)$/.test(target),
  );
  if (recursive && wide) return { key: "rm -r", level: "HIGH", detail: "deletes a whole folder tree" };
  if (targets.some((target) => outsideWorkspace(target)))
    return { key: "rm outside", level: "HIGH", detail: "deletes outside the workspace" };
  if (targets.some((target) => sensitivePath(target) !== null))
    return { key: "rm sensitive", level: "HIGH", detail: "deletes a file that holds keys or history" };
  if (plainWords(command).some((word) => command.expanded.has(word)))
    return { key: "rm $", level: "UNKNOWN", detail: "deletes what only running it would tell" };
  return recursive ? { key: "rm -r", level: "MEDIUM", detail: "deletes folders" } : null;
}

function deletesFound(command: ShellCommand): Finding {
  const [start = "."] = pathsOf(command, plainWords(command));
  return outsideWorkspace(start)
    ? { key: "rm outside", level: "HIGH", detail: "deletes outside the workspace" }
    : { key: "find -delete", level: "MEDIUM", detail: "deletes the files that it finds" };
}

function discards([subcommand, ...rest]: readonly string[]): Finding | null {
  const option = (...names: string[]): boolean => rest.some((word) => names.includes(word));
  if (subcommand === "reset" && option("--hard"))
    return { key: "git reset --hard", level: "HIGH", detail: "throws changes away" };
  if (subcommand === "clean" && rest.some((word) => /^-[a-z]*f/.test(word) || word === "--force"))
    return { key: "git clean", level: "HIGH", detail: "deletes files that git does not know" };
  if (subcommand === "branch" && option("-D"))
    return { key: "git branch -D", level: "HIGH", detail: "deletes a branch that may not be merged" };
  if (subcommand === "filter-branch" || subcommand === "filter-repo")
    return { key: `git ${subcommand}`, level: "HIGH", detail: "rewrites history" };
  if ((subcommand === "checkout" || subcommand === "restore") && option(".", "--", "-f", "--force"))
    return { key: `git ${subcommand}`, level: "MEDIUM", detail: "may throw changes away" };
  return null;
}
