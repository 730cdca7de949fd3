/**
 * What a line of shell really runs. The tree comes from a kept parser of bash; here it is flattened to simple commands,
 * and commands that run other commands (`sudo`, `sh -c`, `xargs`, `find -exec` …) are looked through, so that a rule
 * sees `git push` in `cd x && env A=1 sh -c "git -C . push"`.
 */
import { type Command, forEachChild, parse, type Redirection, type SyntaxNode, type Word } from "unbash";

export interface ShellCommand {
  /** the program without its folder, or "" where only running it would tell */
  readonly program: string;
  /** the program and its arguments, quotes resolved; what the shell would expand stands as written */
  readonly words: readonly string[];
  /** files that its output is written to */
  readonly writes: readonly string[];
  /** the program whose output it reads through a pipe */
  readonly pipedFrom: string | null;
  /** programs around it: `sudo`, `sh` … */
  readonly within: readonly string[];
}

export interface ShellCommands {
  readonly commands: readonly ShellCommand[];
  /** false: the shell may understand it in another way than this reading */
  readonly understood: boolean;
}

/** How deep commands within commands are looked through; what is deeper counts as not understood. */
const maxDepth = 8;

export const shells: ReadonlySet<string> = new Set(["sh", "bash", "dash", "zsh", "ksh", "ash", "fish"]);

interface Place {
  readonly within: readonly string[];
  readonly pipedFrom: string | null;
}

export function shellCommands(source: string): ShellCommands {
  const reading = new Reading();
  reading.script(source, { within: [], pipedFrom: null });
  return { commands: reading.commands, understood: reading.understood };
}

class Reading {
  readonly commands: ShellCommand[] = [];
  understood = true;

  script(source: string, place: Place): void {
    if (place.within.length >= maxDepth) {
      this.understood = false;
      return;
    }
    const tree = parse(source);
    if ((tree.errors?.length ?? 0) > 0) this.understood = false;
    this.#node(tree, place);
  }

  #node(node: SyntaxNode, place: Place): void {
    if (node.type === "Command") this.#command(node, place);
    if (node.type !== "Pipeline") {
      forEachChild(node, (child) => this.#node(child, place));
      return;
    }
    let pipedFrom = place.pipedFrom;
    for (const command of node.commands) {
      this.#node(command, { ...place, pipedFrom });
      pipedFrom = command.type === "Command" ? programOf(command.name?.value ?? "") : "";
    }
  }

  #command(node: Command, place: Place): void {
    if (node.name === undefined) return;
    const args = node.args.map((arg) => (arg.type === "Word" ? arg.value : arg.text));
    const writes = node.redirects.flatMap(writtenFile);
    const dynamic = isDynamic(node.name);
    this.#words([node.name.value, ...args], { ...place, writes, dynamic });
    const fed = node.redirects.flatMap(fedText);
    if (shells.has(programOf(node.name.value)))
      for (const text of fed) this.script(text, { within: [...place.within, "sh"], pipedFrom: null });
  }

  #words(words: readonly string[], place: Place & { writes: readonly string[]; dynamic: boolean }): void {
    const program = place.dynamic ? "" : programOf(words[0] ?? "");
    if (program === "") this.understood = false;
    const { writes, pipedFrom, within } = place;
    this.commands.push({ program, words, writes, pipedFrom, within });
    if (within.length >= maxDepth) {
      this.understood = false;
      return;
    }
    const inner = innerCommand(program, words.slice(1));
    if (inner === null) return;
    const deeper = { within: [...within, program], pipedFrom };
    if (typeof inner === "string") this.script(inner, deeper);
    else if (inner.length > 0)
      this.#words(inner, { ...deeper, writes: [], dynamic: inner[0]?.includes("$") === true });
  }
}

const programOf = (word: string): string => word.split("/").at(-1) ?? "";

/** Only running it tells what is run: `$tool …`, `$(which git) push`. */
function isDynamic(name: Word): boolean {
  return (
    name.parts?.some((part) =>
      ["SimpleExpansion", "ParameterExpansion", "CommandExpansion", "ProcessSubstitution"].includes(
        part.type,
      ),
    ) ?? false
  );
}

function writtenFile(redirect: Redirection): string[] {
  if (redirect.type !== "Redirect" || !redirect.operator.includes(">")) return [];
  const file = redirect.target?.value;
  return file === undefined || /^(\d+|-)$/.test(file) ? [] : [file];
}

function fedText(redirect: Redirection): string[] {
  if (redirect.type === "HereDoc") return [redirect.body.text];
  return redirect.type === "HereString" && redirect.target !== undefined ? [redirect.target.value] : [];
}

/** Options of a program that runs another one which take the next word as their value. */
const valueOptions: Readonly<Record<string, ReadonlySet<string>>> = {
  sudo: new Set(["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "--user", "--group"]),
  doas: new Set(["-u", "-C"]),
  env: new Set(["-u", "-C", "--unset", "--chdir"]),
  nice: new Set(["-n", "--adjustment"]),
  ionice: new Set(["-c", "-n", "-p"]),
  timeout: new Set(["-s", "-k", "--signal", "--kill-after"]),
  xargs: new Set([
    "-I",
    "-n",
    "-P",
    "-L",
    "-d",
    "-a",
    "-E",
    "-s",
    "--max-args",
    "--max-procs",
    "--delimiter",
  ]),
  stdbuf: new Set(["-i", "-o", "-e"]),
  time: new Set(["-o", "-f"]),
  chroot: new Set(),
  command: new Set(),
  builtin: new Set(),
  exec: new Set(["-a"]),
  nohup: new Set(),
  setsid: new Set(),
  unshare: new Set(),
  busybox: new Set(),
};

/** How many plain words stand before the command: `timeout 5 make`, `chroot /mnt ls`. */
const leadingWords: Readonly<Record<string, number>> = { timeout: 1, chroot: 1 };

/** The command that `program` runs: as text for a shell, as words, or null where it runs none. */
function innerCommand(program: string, args: readonly string[]): string | string[] | null {
  if (shells.has(program) || program === "su") return optionValue(args, "c");
  if (program === "eval") return args.join(" ");
  if (program === "find") return afterExec(args);
  if (program === "watch") return args.filter((arg) => !arg.startsWith("-")).join(" ");
  const withValue = valueOptions[program];
  if (withValue === undefined) return null;
  let index = 0;
  while (index < args.length) {
    const arg = args[index] ?? "";
    if (arg === "--") {
      index += 1;
      break;
    }
    if (program === "env" && /^[A-Za-z_]\w*=/.test(arg)) index += 1;
    else if (arg.startsWith("-")) index += withValue.has(arg) ? 2 : 1;
    else break;
  }
  return args.slice(index + (leadingWords[program] ?? 0));
}

/** The word after `-c`, also in a bundle like `-lc`. */
function optionValue(args: readonly string[], letter: string): string | null {
  const at = args.findIndex((arg) => new RegExp(`^-[a-zA-Z]*${letter}[a-zA-Z]*$`).test(arg));
  return at === -1 ? null : (args[at + 1] ?? null);
}

function afterExec(args: readonly string[]): string[] | null {
  const at = args.findIndex((arg) => ["-exec", "-execdir", "-ok", "-okdir"].includes(arg));
  if (at === -1) return null;
  const end = args.findIndex((arg, index) => index > at && (arg === ";" || arg === "+"));
  return args.slice(at + 1, end === -1 ? undefined : end);
}
