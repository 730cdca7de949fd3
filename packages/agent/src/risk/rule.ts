/** What a rule says about one command. A file each; the list is in `rules/registry.ts`. */
import { placeIn } from "./paths.ts";
import type { ShellCommand } from "./shell-commands.ts";

export interface Finding {
  /** what a person allows when allowing it for more than once, e.g. `git push` */
  readonly key: string;
  /** UNKNOWN: only running it would tell */
  readonly level: "MEDIUM" | "UNKNOWN" | "HIGH";
  /** for the person, one phrase: "sends commits to another machine" */
  readonly detail: string;
}

/** @param line all that the line runs, `command` among it */
export type Rule = (command: ShellCommand, line: readonly ShellCommand[]) => Finding | null;

/** The words that are neither options nor their values glued to them. */
export function plainWords(command: ShellCommand): string[] {
  return command.words.slice(1).filter((word) => !word.startsWith("-"));
}

export function hasOption(command: ShellCommand, ...options: readonly string[]): boolean {
  return command.words.some((word) =>
    options.some((option) =>
      option.startsWith("--")
        ? word === option || word.startsWith(`${option}=`)
        : new RegExp(`^-[A-Za-z]*${option.slice(1)}`).test(word),
    ),
  );
}

/** Whatever of the arguments may be a path, values glued to options included, seen from where the line began. */
export function pathsOf(command: ShellCommand, words = command.words.slice(1)): string[] {
  const paths = words.flatMap((word) => {
    if (!word.startsWith("-")) return [word.replace(/^\w+=(?=[/~.])/, "")];
    const glued = /^--?[\w-]+=(.+)$/.exec(word)?.[1] ?? /^-[A-Za-z]([/~.].*)$/.exec(word)?.[1];
    return glued === undefined ? [] : [glued];
  });
  return paths.map((path) => placeIn(command.directory, path));
}
