/**
 * One long-lived shell on a terminal. Each command is evaluated by a short line that is typed into it: the line holds the
 * command escaped, or the helper has laid it down as a file where it is too long for that. Markers with a nonce tell what
 * it printed, its exit code and the working folder.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Helper, LaidText } from "../helper/helper.ts";
import { escapeArgument } from "../helper/helper-frames.ts";
import { type ExitStatus, type Sandbox, SandboxError, type SandboxProcess } from "../sandbox.ts";
import type { SandboxToolsOptions } from "../tools.ts";
import { parseProcesses } from "./process-tree.ts";
import { keepPace } from "./output-pace.ts";
import { OutputCapture } from "./output-capture.ts";
import { watchForPrompt } from "./prompting-shell.ts";
import { RunningCommand } from "./running-command.ts";
import type { SandboxFacts } from "./marker-scanner.ts";
import { exportingLines } from "./shell-memory.ts";
import { terminalSize } from "./terminal-size.ts";
import { quoted } from "../quoted.ts";

/** Nothing pages, asks or opens an editor where nobody sits. */
const shellEnvironment = {
  TERM: "xterm-256color",
  PAGER: "cat",
  GIT_PAGER: "cat",
  MANPAGER: "cat",
  GIT_TERMINAL_PROMPT: "0",
  DEBIAN_FRONTEND: "noninteractive",
};

/**
 * Where memory runs out, what the agent runs is ended before the process that holds the sandbox up; and whatever it
 * runs, the helper, and what ends it all, come before it.
 */
const stepsBack = "{ echo 500 >/proc/self/oom_score_adj; renice -n 10 -p $$; } >/dev/null 2>&1";

/** The user's own start file first; without it where that one spoils the shell. */
const shellArguments = (withStartFile: boolean): readonly string[] => [
  "sh",
  "-c",
  `${stepsBack}; if command -v bash >/dev/null 2>&1; then exec bash ${withStartFile ? "" : "--norc"} --noediting -i; else exec sh -i; fi`,
];

export interface ShellOptions {
  readonly sandbox: Sandbox;
  readonly helper: Helper;
  /** where it starts; null: the sandbox's own default */
  readonly directory: string | null;
  /** exported before anything runs */
  readonly variables: Readonly<Record<string, string>>;
  /** how long it may take to come up */
  readonly startSeconds: number;
  readonly environment?: SandboxToolsOptions["environment"] | undefined;
}

export interface Shell {
  readonly pid: number;
  readonly directory: string;
  /**
   * @param text any text without NUL
   * @returns null where nothing was run, for the sandbox has no room for another process
   */
  start(text: string, options: StartOptions): Promise<RunningCommand | null>;
  /** Keys for what runs in it. */
  type(keys: string): void;
  /** Ends it, with all that runs on its terminal. */
  kill(): Promise<void>;
}

export interface StartOptions {
  /** true: it is laid down, however short, which works also where the shell has declined it */
  readonly mustBeLaid: boolean;
  readonly signal?: AbortSignal;
}

/** @throws SandboxError when no shell comes up */
export async function startShell(options: ShellOptions): Promise<Shell> {
  return (await tryShell(options, true)) ?? (await tryShell(options, false)) ?? noShell(options.startSeconds);
}

function noShell(seconds: number): never {
  throw new SandboxError(
    `No shell came up in the sandbox within ${seconds} seconds. It needs bash or sh, and room for one more process.`,
  );
}

async function tryShell(options: ShellOptions, withStartFile: boolean): Promise<Shell | null> {
  const process = await options.sandbox.spawn(shellArguments(withStartFile), {
    tty: terminalSize,
    env: shellEnvironment,
  });
  const connection = new ShellConnection(process, options);
  const init = await connection.lay(
    "shell-init",
    await readFile(new URL("shell-init.sh", import.meta.url), "utf8"),
  );
  const exported = await connection.lay("variables", exportingLines(options.variables));
  const enter = options.directory === null ? "" : `cd ${quoted(options.directory)} 2>/dev/null;`;
  const hello = await connection.start("printf '%s' \"$$ ${BASH_VERSION+bash}\"", {
    mustBeLaid: true,
    before: `. ${quoted(exported.path)} 2>/dev/null; . ${quoted(init.path)} 2>/dev/null; ${enter}`,
  });
  const outcome = await Promise.race([
    hello?.outcome,
    delay(options.startSeconds * 1000, null, { ref: false }),
  ]);
  const [number, name] = hello?.output.take().head.toString().split(" ") ?? [];
  const pid = Number(number);
  if (outcome?.kind !== "ended" || !Number.isInteger(pid) || pid <= 0) {
    await process.kill("SIGKILL");
    return null;
  }
  connection.takesLines = name === "bash";
  const row = parseProcesses(await options.helper.processes()).find((each) => each.pid === pid);
  return {
    pid,
    directory: outcome.end.workingDirectory,
    async start(text, startOptions) {
      const command = await connection.start(text, startOptions);
      if (command && row) watchForPrompt(command, options.helper, row);
      return command;
    },
    type: (keys) => connection.type(keys),
    kill: () => process.kill("SIGKILL"),
  };
}

/** Hands the terminal's bytes to the command that runs, and tells it when the shell is gone. */
class ShellConnection {
  readonly #process: SandboxProcess;
  readonly #helper: Helper;
  readonly #environment: ShellOptions["environment"];
  /** what it has been given already */
  readonly #given = new Map<string, string>();
  /** where the helper has laid something last; "" before it has */
  #folder = "";
  #current: RunningCommand | null = null;
  /** the last one that keys were for */
  #typedTo: RunningCommand | null = null;
  /** what is printed while no command runs */
  #background = new OutputCapture(backgroundLimits);
  #exit: ExitStatus | null = null;
  /** whether a short command may come in the line that evaluates it */
  takesLines = false;

  constructor(process: SandboxProcess, { helper, environment }: ShellOptions) {
    this.#process = process;
    this.#helper = helper;
    this.#environment = environment;
    // A write to a shell that has ended is no news: its exit tells.
    process.stdin.on("error", () => {});
    process.stderr.resume();
    process.stdout.on("data", (chunk: Buffer) =>
      this.#background.push(this.#current?.receive(chunk) ?? chunk),
    );
    keepPace(process.stdout);
    void this.#watchEnd();
  }

  async #watchEnd(): Promise<void> {
    const drained = once(this.#process.stdout, "end").catch(() => null);
    const exit = await this.#process.exit;
    // Its last words may still be on the way, but a child that holds the terminal open must not hold us too.
    await Promise.race([drained, delay(500, null, { ref: false })]);
    this.#exit = exit;
    this.#current?.shellEnded(exit);
  }

  async start(text: string, options: ConnectionStart): Promise<RunningCommand | null> {
    const exports = await this.#layEnvironment(text, options.signal);
    const beginning = await this.#beginning(text, options);
    if (beginning === null) return null;
    const { call, facts } = beginning;
    const nonce = randomBytes(8).toString("hex");
    const folder = this.#folder;
    const steps = [
      `__oh_ready ${nonce} ${quoted(folder)}`,
      ...(this.#mayBeSpoilt() ? [repairing] : []),
      call,
    ];
    const typed = `${options.before ?? ""}${exports} ${evaluatingLine(nonce, steps)}`;
    const background = this.#background;
    this.#background = new OutputCapture(backgroundLimits);
    const command = new RunningCommand({ text, typed, background, nonce, folder, facts });
    this.#current = command;
    if (this.#exit) {
      command.shellEnded(this.#exit);
    } else {
      command.wasTyped = true;
      this.#process.stdin.write(`${typed}\n`);
    }
    return command;
  }

  type(keys: string): void {
    this.#typedTo = this.#current;
    this.#process.stdin.write(keys);
  }

  /**
   * Whether the last command was a program that may have left the terminal as it needed it for itself: one that was
   * typed to, or failed. It is not asked after others, for a shell needs another process to put the terminal right.
   */
  #mayBeSpoilt(): boolean {
    const last = this.#current;
    if (last === null || last.duration <= quick) return false;
    return this.#typedTo === last || !(last.settled?.kind === "ended" && last.settled.end.exitCode === 0);
  }

  async lay(name: string, text: string, signal?: AbortSignal): Promise<LaidText> {
    const laid = await this.#helper.lay(name, text, signal);
    this.#folder = posix.dirname(laid.path);
    return laid;
  }

  /** How `text` comes to the shell: in the line itself where that is short, for it spares a request. */
  async #beginning(text: string, options: StartOptions): Promise<Beginning | null> {
    const escaped = this.takesLines && !options.mustBeLaid ? escapedWhereShort(text) : null;
    if (escaped !== null) {
      return { call: `__oh_take '${escaped}'`, facts: null };
    }
    const { full, uptime, memoryKills } = await this.lay("command", text, options.signal);
    if (full) return null;
    return { call: "__oh_begin", facts: { uptime, memoryKills } };
  }

  /** A shell line that exports what `command` is to find in its environment, and empties the file it came in. */
  async #layEnvironment(command: string, signal?: AbortSignal): Promise<string> {
    const variables = Object.entries((await this.#environment?.(command)) ?? {});
    const fresh = variables.filter(([name, value]) => this.#given.get(name) !== value);
    if (fresh.length === 0) return "";
    const lines = fresh.map(([name, value]) => `export ${name}=${quoted(value)}\n`);
    const { path } = await this.lay("environment", lines.join(""), signal);
    for (const [name, value] of fresh) this.#given.set(name, value);
    return `{ . ${quoted(path)}; command printf '' >|${quoted(path)}; } 2>/dev/null;`;
  }
}

/** Milliseconds in which no program does anything to its terminal that it does not undo. */
const quick = 50;

/** What is printed in the background is told in short: far more is kept, for a secret that is cut is not found. */
const backgroundLimits = { headBytes: 256 << 10, tailBytes: 256 << 10, contextBytes: 0 };

interface ConnectionStart extends StartOptions {
  /** a shell line to go first */
  readonly before?: string;
}

interface Beginning {
  /** what the shell is to call first */
  readonly call: string;
  readonly facts: SandboxFacts | null;
}

/** Characters of an escaped command: a line is safe below 4,096, the terminal's limit, with all else that is in it. */
const longestInLine = 1024;

function escapedWhereShort(text: string): string | null {
  const escaped = text.length <= longestInLine ? escapeArgument(text) : "";
  return escaped !== "" && escaped.length <= longestInLine ? escaped : null;
}

/** As a terminal is when it is opened: lines can be typed, and ended by C-d, and C-c and C-z mean what they should. */
const repairing = "__oh_room && command -p stty icanon isig iexten echo echoe icrnl opost onlcr";

/**
 * Short, whatever the command. A shell with `set -x` must not show it; eval must take no text for an option, and be no
 * function nor alias of the command before; and the assignment is there because bash, after an unclosed quote in eval,
 * does not know a reserved word at the next line's start, and so that nothing runs twice where ours can't be called.
 */
function evaluatingLine(nonce: string, steps: readonly string[]): string {
  const quiet = (calls: readonly string[]): string => `{ ${calls.join("; ")}; } 2>/dev/null`;
  return `__oh_command=; ${quiet(steps)}; \\command eval " $__oh_command"; ${quiet([`__oh_end ${nonce}`])}`;
}
