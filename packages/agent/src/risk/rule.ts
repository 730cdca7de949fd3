/** What a rule says about one command. A file each; the list is in `rules/registry.ts`. */
import type { ShellCommand } from "./shell-commands.ts";

export type Level = "LOW" | "MEDIUM" | "HIGH";

export interface Finding {
  /** what a person allows when allowing it for more than once, e.g. `git push` */
  readonly key: string;
  readonly level: Level;
  /** for the person, one phrase: "sends commits to another machine" */
  readonly detail: string;
}

export type Rule = (command: ShellCommand) => Finding | null;

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
