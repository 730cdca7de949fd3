/**
 * Tells where the process of our shell has become another shell that waits at its prompt (`exec bash`, `exec su -`): it
 * knows nothing of us, so the command would seem to run for ever. Nothing that a program prints counts, only what the
 * kernel says of processes.
 */
import type { Helper } from "../helper/helper.ts";
import { SandboxError } from "../sandbox.ts";
import { type ProcessRow, parseProcesses } from "./process-tree.ts";
import { exportedVariables } from "./shell-memory.ts";

export interface PromptingShell {
  readonly pid: number;
  readonly name: string;
  /** where it is; null: it can't be told */
  readonly directory: string | null;
  /** what it was given when it started */
  readonly variables: Readonly<Record<string, string>>;
}

/** Seconds after which it is first looked at a command, and how many pass at most until the next look. */
const firstLook = 1;
const longestUntilLook = 30;

/** What is to be told, of a command that may never end by itself otherwise. */
export interface WatchedCommand {
  readonly hasBegun: boolean;
  readonly outcome: Promise<unknown>;
  shellReplaced(by: PromptingShell): void;
}

/** So often in a row a shell is seen waiting, though a command was typed, before it counts as one that takes none. */
const looksUntilDeaf = 3;

/**
 * Tells `command` when another shell has taken the place of `shell`, and ends a shell that waits at its prompt though
 * `command` was typed there. Looks until it ends, less and less often.
 */
export function watchForPrompt(
  command: WatchedCommand,
  helper: Helper,
  shell: Pick<ProcessRow, "pid" | "image">,
): void {
  let isOver = false;
  let waiting = 0;
  let timer = lookIn(firstLook);
  void command.outcome.finally(() => {
    isOver = true;
    clearTimeout(timer);
  });

  function lookIn(seconds: number): NodeJS.Timeout {
    return setTimeout(() => void look(seconds), seconds * 1000).unref();
  }

  async function look(seconds: number): Promise<void> {
    const other = await orNull(findPromptingShell(helper, shell));
    if (other) command.shellReplaced(other);
    else if (!isOver) timer = lookIn(Math.min(seconds * 2, longestUntilLook));
    if (!other && !isOver && !command.hasBegun) await orNull(endWhereDeaf());
  }

  async function endWhereDeaf(): Promise<void> {
    const rows = parseProcesses(await helper.processes());
    waiting = aloneInForeground(rows, shell.pid)?.pid === shell.pid ? waiting + 1 : 0;
    if (waiting >= looksUntilDeaf && !command.hasBegun) await helper.signal("KILL", [shell.pid]);
  }
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    // a sandbox in which nobody can look any more tells so to whoever uses it next
    if (error instanceof SandboxError) return null;
    throw error;
  }
}

/** Its arguments, whether it is fed from a file, its folder and its environment. */
const askingScript = (pid: number): string => `
tr '\\0' '\\n' </proc/${pid}/cmdline; printf '\\0'
if [ -f /proc/${pid}/fd/0 ] || [ -p /proc/${pid}/fd/0 ]; then printf fed; fi; printf '\\0'
readlink /proc/${pid}/cwd 2>/dev/null; printf '\\0'
cat /proc/${pid}/environ 2>/dev/null; :`;

const askSeconds = 5;

/** @returns null where our shell is still there, or something else took its place */
export async function findPromptingShell(
  helper: Helper,
  shell: Pick<ProcessRow, "pid" | "image">,
): Promise<PromptingShell | null> {
  // Nothing is started before it is known that the shell has gone: there may be no room for another process.
  const rows = parseProcesses(await helper.processes());
  const foreground = hasChanged(rows, shell) ? aloneInForeground(rows, shell.pid) : null;
  if (!foreground) return null;
  const { pid } = foreground;
  const answer = await helper.pipe(askingScript(pid), "", { answerSeconds: askSeconds });
  const [line = "", fed, directory = "", ...environment] = answer.split("\0");
  const name = fed === "" ? interactiveShell(line.split("\n").slice(0, -1)) : null;
  if (name === null) return null;
  return {
    pid,
    name,
    directory: directory.startsWith("/") ? directory.trimEnd() : null,
    variables: exportedVariables(environment.join("\0")) ?? {},
  };
}

function hasChanged(rows: readonly ProcessRow[], { pid, image }: Pick<ProcessRow, "pid" | "image">): boolean {
  return image !== null && rows.some((row) => row.pid === pid && row.image !== image);
}

/** Who waits at a prompt sleeps, and nothing else is in the foreground of its terminal. */
export function aloneInForeground(rows: readonly ProcessRow[], shellPid: number): ProcessRow | null {
  const shell = rows.find((row) => row.pid === shellPid);
  if (!shell || shell.terminal === 0) return null;
  const group = rows.filter((row) => row.group === shell.foreground && row.state !== "Z");
  const [leader] = group;
  return group.length === 1 && leader?.state === "S" ? leader : null;
}

const shells = /^-?(bash|rbash|sh|dash|ash|zsh|ksh|mksh|fish|csh|tcsh)$/;
const optionsWithValue = /^(?:[-+][oO]|--rcfile|--init-file)$/;

/** @returns the shell's name; null where these are no arguments of a shell, or it was given what to run */
export function interactiveShell([program = "", ...given]: readonly string[]): string | null {
  const isBusybox = /(?:^|\/)busybox$/.test(program);
  const [called = "", ...rest] = isBusybox ? given : [program, ...given];
  const name = shells.exec(called.slice(called.lastIndexOf("/") + 1))?.[1];
  if (!name) return null;
  for (let at = 0; at < rest.length; at += 1) {
    const option = rest[at] ?? "";
    if (!/^[-+]./.test(option) || /^-[a-zA-Z]*c/.test(option)) return null;
    if (optionsWithValue.test(option)) at += 1;
  }
  return name;
}
