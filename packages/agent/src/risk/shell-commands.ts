/**
 * What a line of shell really runs. The tree comes from a kept parser of bash; here it is flattened to simple commands,
 * and commands that run other commands (`sudo`, `sh -c`, `xargs`, `find -exec` …) are looked through, so that a rule
 * sees `git push` in `cd x && env A=1 sh -c "git -C . push"`.
 */
import { posix } from "node:path";
import {
  type Assignment,
  type Command,
  forEachChild,
  parse,
  type Redirected,
  type Redirection,
  type SyntaxNode,
  type Word,
} from "unbash";
import { isExpanded, isGlob } from "./expanded-word.ts";
import { innerCommands } from "./inner-commands.ts";
import { settingCommand } from "./setting-commands.ts";
import { readers } from "./shells.ts";

export interface ShellCommand {
  /** the program without its folder, `:` where there is none, or "" where only running it would tell */
  readonly program: string;
  /** the program and its arguments, quotes resolved; what the shell would expand stands as written */
  readonly words: readonly string[];
  /** those of the words that only running it would tell */
  readonly expanded: ReadonlySet<string>;
  /** variables that are set with it */
  readonly assigned: readonly string[];
  /** files that its output is written to */
  readonly writes: readonly string[];
  /** files that its input comes from */
  readonly reads: readonly string[];
  /** the program whose output it reads through a pipe, or what else it is fed */
  readonly pipedFrom: string | null;
  /** programs around it: `sudo`, `sh` … */
  readonly within: readonly string[];
  /** where a `cd` before it led, from where the line began; null where only running it would tell */
  readonly directory: string | null;
}

export interface ShellCommands {
  readonly commands: readonly ShellCommand[];
  /** false: the shell may understand it in another way than this reading */
  readonly understood: boolean;
}

/** How deep commands within commands are looked through; what is deeper counts as not understood. */
const maxDepth = 8;

interface Place {
  readonly within: readonly string[];
  readonly pipedFrom: string | null;
}

type Found = Pick<ShellCommand, "words" | "expanded" | "assigned" | "writes" | "reads">;

export function shellCommands(source: string): ShellCommands {
  const reading = new Reading();
  reading.script(source, { within: [], pipedFrom: null });
  return { commands: reading.commands, understood: reading.understood };
}

class Reading {
  readonly commands: ShellCommand[] = [];
  understood = true;
  #directory: string | null = ".";

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
    if (node.type === "Redirected") return this.#redirected(node, place);
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

  /** What is fed to a loop or a group is fed to whatever in it reads. */
  #redirected(node: Redirected, place: Place): void {
    this.#take({ ...nothing, words: [":"], ...filesOf(node.redirects) }, place, false);
    const fed = node.redirects.some((redirect) => fedText(redirect) !== null);
    forEachChild(node, (child) => this.#node(child, fed ? { ...place, pipedFrom: "a text" } : place));
  }

  #command(node: Command, place: Place): void {
    const args = node.args.map((arg) => (arg.type === "Word" ? arg : asWord(arg)));
    const assignments = [...node.prefix, ...node.args].filter((part) => part.type === "Assignment");
    const fed = node.redirects.flatMap((redirect) => fedText(redirect) ?? []);
    const found: Found = {
      words: [node.name?.value ?? ":", ...args.map(({ value }) => value)],
      expanded: new Set(args.filter(isExpanded).map(({ value }) => value)),
      assigned: assignments.map(({ name }) => name),
      ...filesOf(node.redirects),
    };
    const dynamic = node.name !== undefined && (isExpanded(node.name) || isGlob(node.name));
    this.#take(found, fed.length > 0 ? { ...place, pipedFrom: "a text" } : place, dynamic);
    const deeper = { within: [...place.within, found.words[0] ?? ""], pipedFrom: null };
    for (const text of assignments.flatMap(runBySetting)) this.script(text, deeper);
    if (readers.has(programOf(node.name?.value ?? ""))) for (const text of fed) this.script(text, deeper);
  }

  #take(found: Found, { within, pipedFrom }: Place, dynamic: boolean): void {
    const program = dynamic ? "" : programOf(found.words[0] ?? "");
    if (program === "") this.understood = false;
    const command = { ...found, program, pipedFrom, within, directory: this.#directory };
    this.commands.push(command);
    this.#directory = directoryAfter(command);
    if (within.length >= maxDepth) {
      this.understood = false;
      return;
    }
    const deeper = { within: [...within, program], pipedFrom };
    for (const inner of innerCommands(command)) {
      if (typeof inner === "string") this.script(inner, deeper);
      else if (inner.words.length > 0) {
        const expanded = new Set([...found.expanded, ...inner.expanded]);
        const [name = ""] = inner.words;
        this.#take({ ...nothing, words: inner.words, expanded }, deeper, expanded.has(name));
      }
    }
  }
}

const nothing: Found = { words: [], expanded: new Set(), assigned: [], writes: [], reads: [] };

const programOf = (word: string): string => word.split("/").at(-1) ?? "";

/** `NAME=value` among the arguments, as `export` takes it. */
function asWord({ name, text, value, ...place }: Assignment): Word {
  const isWord = value.type === "Word";
  return {
    type: "Word",
    pos: place.pos,
    end: place.end,
    text,
    value: isWord ? `${name}=${value.value}` : text,
    parts: isWord ? value.parts : undefined,
  };
}

function runBySetting({ name, value }: Assignment): string[] {
  if (value.type !== "Word") return [];
  const command = settingCommand(name, value.value);
  return command === null ? [] : [command];
}

function directoryAfter({ program, words, expanded, directory }: ShellCommand): string | null {
  if (program === "popd") return null;
  if (program !== "cd" && program !== "pushd") return directory;
  const target = words.slice(1).find((word) => !word.startsWith("-") || word === "-") ?? "~";
  if (target === "-" || expanded.has(target)) return null;
  if (/^[/~]/.test(target)) return target;
  return directory === null ? null : posix.join(directory, target);
}

function filesOf(redirects: readonly Redirection[]): Pick<Found, "writes" | "reads"> {
  const files = (fits: (operator: string) => boolean): string[] =>
    redirects.flatMap((redirect) => {
      if (redirect.type !== "Redirect" || !fits(redirect.operator)) return [];
      const file = redirect.target?.value;
      return file === undefined || /^(\d+|-)$/.test(file) ? [] : [file];
    });
  return {
    writes: files((operator) => operator.includes(">")),
    reads: files((operator) => operator.startsWith("<")),
  };
}

function fedText(redirect: Redirection): string | null {
  if (redirect.type === "HereDoc") return redirect.body.text;
  return redirect.type === "HereString" ? (redirect.target?.value ?? null) : null;
}
