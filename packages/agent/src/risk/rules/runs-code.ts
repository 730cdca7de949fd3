import { basename } from "node:path";
import { optionValues, scriptOf } from "../inner-commands.ts";
import { interpreterCode } from "../interpreters.ts";
import { plainWords, type Finding, type Rule } from "../rule.ts";
import type { ShellCommand } from "../shell-commands.ts";
import { readers, shells } from "../shells.ts";

/** Code that the rules do not read: in another language, in a file, from a pipe or a download. */
export const runsCode: Rule = (command, line) => {
  const { program } = command;
  const isShell = readers.has(program);
  const codeOptions = interpreterCode(program);
  if (!isShell && codeOptions === undefined) return runsDownload(command, line);
  const substituted = command.words.find((word) => /^[<>]\(/.test(word));
  if (substituted !== undefined)
    return { key: `| ${program}`, level: "HIGH", detail: "runs what another command prints" };
  if (isShell ? hasScript(command) : codeOptions?.some((option) => hasCode(command, option)) === true)
    return isShell ? null : opaque(program, "runs code in another language");
  const [file] = plainWords(command);
  if (file !== undefined && !readsInput(command)) return runsDownload(command, line) ?? runsFile(program);
  return asksForVersion(command) ? null : runsInput(command);
};

/** `-v` is no such question for a shell, nor for Python: they go on to their prompt. */
function asksForVersion({ program, words }: ShellCommand): boolean {
  const [, option = "", ...more] = words;
  if (more.length > 0) return false;
  if (/^--(version|help)$/.test(option)) return true;
  if (shells.has(program)) return false;
  return program.startsWith("python") ? /^-[hV]$/.test(option) : /^-[hvV]$/.test(option);
}

const hasScript = ({ words }: ShellCommand): boolean => scriptOf(words.slice(1)).length > 0;

/** Also as the last letter of a bundle (`-pe`), or with the code glued to it. */
function hasCode({ words }: ShellCommand, option: string): boolean {
  const args = words.slice(1);
  if (!option.startsWith("-")) return args[0] === option;
  if (option.startsWith("--")) return args.some((word) => word === option || word.startsWith(`${option}=`));
  return args.some((word) => new RegExp(`^-[A-Za-z0]*${option.slice(1)}`).test(word));
}

/** `bash -s -- a b`: the words are arguments of what is read. */
const readsInput = ({ program, words }: ShellCommand): boolean =>
  /^\/(dev\/(stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/.test(words[1] ?? "") ||
  (shells.has(program) && words.slice(1).some((word) => /^-[a-z]*s$/.test(word)));

const opaque = (program: string, detail: string): Finding => ({
  key: `${program}: code`,
  level: "UNKNOWN",
  detail,
});

const runsFile = (program: string): Finding => ({
  key: `${program} FILE`,
  level: "MEDIUM",
  detail: "runs code from a file",
});

function runsInput(command: ShellCommand): Finding | null {
  const { program, pipedFrom } = command;
  if (pipedFrom === null) return runsReads(command);
  if (pipedFrom !== "a text")
    return {
      key: `| ${program}`,
      level: "HIGH",
      detail: `runs what ${pipedFrom === "" ? "a pipe" : pipedFrom} prints`,
    };
  // what a shell is fed is read as what it runs
  return readers.has(program) ? null : opaque(program, "runs code in another language");
}

/** Neither code, nor a file, nor a pipe: what is typed later is run. */
function runsReads({ program, words, reads }: ShellCommand): Finding {
  if (reads.some((path) => /^[<>]\(/.test(path)))
    return { key: `| ${program}`, level: "HIGH", detail: "runs what another command prints" };
  const prompts = words
    .slice(1)
    .every((word) => /^-[a-zA-Z]*$|^--(norc|noprofile|login|posix|interactive)$/.test(word));
  return prompts && reads.length === 0 ? opaque(program, "waits for code to be typed") : runsFile(program);
}

/** A file that the same line has fetched is run. */
function runsDownload(command: ShellCommand, line: readonly ShellCommand[]): Finding | null {
  const before = line.slice(0, line.indexOf(command));
  const fetched = new Set(before.flatMap(filesFetched));
  const run = [command.words[0] ?? "", ...plainWords(command).slice(0, 1)];
  return run.some((word) => word !== "" && fetched.has(basename(word)))
    ? { key: "runs a download", level: "HIGH", detail: "runs what it has just downloaded" }
    : null;
}

function filesFetched({ program, words, writes }: ShellCommand): string[] {
  if (program !== "curl" && program !== "wget" && program !== "aria2c") return [];
  const named = optionValues(
    words.slice(1),
    program === "wget" ? ["-O", "--output-document"] : ["-o", "--output"],
  );
  const addresses = words.filter((word) => /^\w+:\/\//.test(word));
  return [...named, ...writes, ...addresses].map((path) => basename(path.replace(/[?#].*$/, "")));
}
