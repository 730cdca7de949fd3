/**
 * What of the agent's shell outlives it: folder and exported variables as of the last prompt, kept outside of the sandbox,
 * so that the first shell after a restart of the server, or in a fresh sandbox, starts where the last one was.
 */
import type { Helper } from "../helper/helper.ts";
import { quoted } from "../quoted.ts";
import { SandboxError } from "../sandbox.ts";
import type { SandboxToolsOptions, ShellState } from "../tools.ts";
import type { CommandEnd } from "./marker-scanner.ts";
import { messages } from "./terminal-messages.ts";

/**
 * The variables that the shell wrote down in `folder`, read by a shell of the same kind, as NUL-ended NAME=value.
 */
const readingScript = (folder: string): string => String.raw`
exported=${quoted(`${folder}/exported`)}
[ -f "$exported" ] || exit 0
shell=$(command -v bash || command -v sh) cat=$(command -v cat)
env -i "$shell" -c '. "$1" >/dev/null 2>&1; exec "$2" /proc/self/environ' sh "$exported" "$cat"
`;

/** What each shell has of its own, or what is true of one machine only. */
const ownVariables = /^(?:PWD|OLDPWD|SHLVL|_|HOSTNAME|TERM|__oh_\w*)$/;
const longestValue = 32_000;
/** A sandbox that does not answer in this time has other worries. */
const readSeconds = 5;

export class ShellMemory {
  readonly #helper: Pick<Helper, "pipe">;
  readonly #options: Pick<SandboxToolsOptions, "shellState" | "isFresh">;
  /** the state of the shell that runs now was saved, and whatever changes is told */
  #saved = false;
  #recalled = false;
  #last: ShellState | null = null;

  constructor(helper: Pick<Helper, "pipe">, options: Pick<SandboxToolsOptions, "shellState" | "isFresh">) {
    this.#helper = helper;
    this.#options = options;
  }

  /** What the shell that starts now goes on from: of an earlier time only for the first one. */
  async recall(): Promise<ShellState | null> {
    this.#saved = false;
    if (this.#recalled) return null;
    const state = (await this.#options.shellState?.load()) ?? null;
    if (state === null) this.#recalled = true;
    this.#last = state;
    return state;
  }

  /** The next shell goes on from nothing. */
  forget(): void {
    this.#recalled = true;
  }

  /** A shell has come up with what was recalled. @returns what the model is told of it */
  takenOver(directory: string): string {
    this.#recalled = true;
    return messages.shellContinued(directory, this.#options.isFresh ?? false);
  }

  /**
   * To be told of each end of a command, before anybody else is.
   * @param folder where the shell has written down its variables
   */
  async note(end: CommandEnd, folder: string): Promise<void> {
    const { shellState } = this.#options;
    if (!shellState || (this.#saved && !end.exportsChanged)) return;
    const variables = exportedVariables(await this.#read(folder));
    this.#saved = variables !== null;
    const directory = end.workingDirectory;
    // where they can't be read, that there was a shell is worth knowing
    if (variables === null && directory === this.#last?.directory) return;
    this.#last = { directory, variables: variables ?? this.#last?.variables ?? {} };
    await shellState.save(this.#last);
  }

  async #read(folder: string): Promise<string> {
    try {
      return await this.#helper.pipe(readingScript(folder), "", { answerSeconds: readSeconds });
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      // what the command did matters more; the next one tells
      return "";
    }
  }
}

/** @returns null where there are none: then the shell has written down nothing */
export function exportedVariables(printed: string): Readonly<Record<string, string>> | null {
  if (!printed.includes("\0")) return null;
  const entries = printed.split("\0").flatMap((entry): [string, string][] => {
    const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(entry) ?? [];
    const kept = name !== undefined && value !== undefined && !ownVariables.test(name);
    // what is no text would come back as something else
    return kept && value.length <= longestValue && !value.includes("\uFFFD") ? [[name, value]] : [];
  });
  return Object.fromEntries(entries);
}

/** Lines of sh that export them. */
export function exportingLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join("");
}
