import { gitSubcommand } from "../git-subcommand.ts";
import { hasOption, plainWords, type Finding, type Rule } from "../rule.ts";
import type { ShellCommand } from "../shell-commands.ts";

/** Programs that run what they are told in a language of their own. */
const running: ReadonlySet<string> = new Set([
  "at",
  "batch",
  "ed",
  "emacs",
  "ex",
  "expect",
  "gdb",
  "lldb",
  "mongosh",
  "mysql",
  "nvim",
  "psql",
  "redis-cli",
  "screen",
  "sqlite3",
  "start-stop-daemon",
  "systemd-run",
  "tmux",
  "vi",
  "vim",
]);

/** Words of bash that change what later commands are. */
const changing: ReadonlySet<string> = new Set(["alias", "bind", "enable", "hash"]);

/** Variables through which code of anybody's is loaded into programs. */
const loading =
  /^(LD_(PRELOAD|LIBRARY_PATH|AUDIT)|BASH_ENV|ENV|PYTHONSTARTUP|NODE_OPTIONS|PERL5OPT|RUBYOPT|GIT_EXEC_PATH|GIT_CONFIG\w*|IFS)$/;

/** A command that is not to be read from the line, whatever else the line says. */
export const hidesCommands: Rule = (command) => {
  const { program, assigned } = command;
  const variable = [...assigned, ...envNames(command)].find((name) => loading.test(name));
  if (variable !== undefined) return hidden(`${variable}=`, "changes what programs load");
  if (assigned.includes("PATH"))
    return { key: "PATH=", level: "MEDIUM", detail: "changes where programs are looked for" };
  if (running.has(program)) return hidden(program, "may run other commands");
  if (changing.has(program) && plainWords(command).length > 0)
    return hidden(program, "changes what later commands are");
  if (program === "sed" && scripts(command).some(sedRuns)) return hidden("sed e", "may run other commands");
  if (/^[gmn]?awk$/.test(program) && scripts(command).some(awkRuns))
    return hidden(`${program} system`, "may run other commands");
  if (program === "script" && !hasOption(command, "-c", "--command"))
    return hidden(program, "starts a shell that waits for commands");
  if (program === "less" && command.words.some((word) => word.startsWith("+!")))
    return hidden("less +!", "runs another command");
  return program === "git" ? hidesInGit(command) : null;
};

const hidden = (key: string, detail: string): Finding => ({ key, level: "UNKNOWN", detail });

const envNames = ({ program, words }: ShellCommand): string[] =>
  program === "env" ? words.flatMap((word) => /^([A-Za-z_]\w*)=/.exec(word)?.[1] ?? []) : [];

/** Whichever of the words is the script: it is enough that one of them looks like it. */
const scripts = ({ words }: ShellCommand): readonly string[] => words.slice(1);

/** `s/a/b/e`, `1e command`, and what reads or writes other files. */
function sedRuns(script: string): boolean {
  const flags = /(?:^|[;{}\d/$\s])s(.)(?:\\.|(?!\1).)*\1(?:\\.|(?!\1).)*\1([a-zA-Z0-9]*)/s.exec(script)?.[2];
  return /[ew]/.test(flags ?? "") || /(?:^|[;{}]|\d|\/|\$)\s*[erwW](?:\s|$)/.test(script);
}

const awkRuns = (script: string): boolean =>
  /system\s*\(|getline|\|&?\s*"|print[^;}|]*[^|]\|\s*\w|>\s*"/.test(script);

const known: ReadonlySet<string> = new Set(
  `add am annotate apply archive bisect blame branch bundle cat-file check-attr check-ignore cherry cherry-pick
  checkout clean clone column commit commit-tree config count-objects describe diff diff-index diff-tree
  fast-export fetch filter-branch filter-repo for-each-ref format-patch fsck gc grep hash-object help init lfs
  log ls-files ls-remote ls-tree maintenance merge merge-base mv name-rev notes p4 pull push range-diff
  read-tree rebase reflog remote repack reset restore rev-list rev-parse revert rm send-email shortlog show
  show-branch show-ref sparse-checkout stash status submodule subtree svn switch symbolic-ref tag update-index
  update-ref var verify-commit verify-tag version whatchanged worktree write-tree`.split(/\s+/),
);

/** An alias, or a command named by what only running it would tell. */
function hidesInGit({ words, expanded }: ShellCommand): Finding | null {
  if (words.some((word) => /^--(exec-path|config-env|upload-pack|receive-pack)=/.test(word)))
    return hidden("git --exec-path", "may run other commands");
  const [subcommand] = gitSubcommand(words);
  if (subcommand === undefined || (known.has(subcommand) && !expanded.has(subcommand))) return null;
  return hidden(`git ${subcommand}`, "is a command of git's that the rules do not know");
}
