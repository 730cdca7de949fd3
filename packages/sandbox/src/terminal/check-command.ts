/** What is refused before a shell sees it. */
import type { Helper } from "../helper/helper.ts";
import { messages } from "./terminal-messages.ts";

/** A model sometimes sends JSON where the command belongs. @returns the message, or null where `command` is no JSON */
export function toolArgumentError(command: string): string | null {
  if (!/^\s*[[{]/.test(command)) return null;
  const value = parsedJson(command);
  if (value === null) return null;
  return messages.toolArgument(Array.isArray(value) ? "a JSON array" : "a JSON object");
}

function parsedJson(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/**
 * bash reads a script one top-level command at a time, and can be asked to remember each (`history`, a command of
 * several lines as one entry) while it executes none (`set -n`). At its end it writes them to HISTFILE, each after a line
 * of the character \x01 and a time.
 */
const splittingScript = String.raw`
bash=$(command -v bash) || exit 0
{
  printf '%s\n' "histchars=\$'!^\\001'" 'HISTTIMEFORMAT=x' 'shopt -s cmdhist lithist extglob' 'set -o history'
  printf '%s\n' 'HISTFILE=/dev/stdout HISTSIZE=-1 HISTFILESIZE=-1 HISTCONTROL= HISTIGNORE=' 'set -n'
  cat
} | env -i LC_ALL=C.UTF-8 "$bash" --norc --noprofile -s 2>&1 | cat
`;

/** bash takes time with the square of a script's lines: 0.2 s for this, 30 s for two million characters. */
const longestChecked = 200_000;

/** The top-level commands of `text` by bash's own parser, or null where it is one, cannot be parsed, is too long, or nobody can tell. */
export async function severalCommands(
  helper: Helper,
  text: string,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  if (!text.trim().includes("\n") || text.includes("\x01") || text.length > longestChecked) return null;
  const output = await helper.pipe(splittingScript, `${text}\n`, signal);
  const commands = commandsOfHistory(output);
  return commands !== null && commands.length > 1 ? commands : null;
}

/**
 * Reads what {@link splittingScript} prints. Comments belong to the command beside them.
 * @returns null where bash complained or there is no bash
 */
export function commandsOfHistory(output: string): readonly string[] | null {
  if (!output.startsWith("\x01")) return null;
  // oxlint-disable-next-line no-control-regex
  const entries = output.split(/^\x01\d+\n/m).map((entry) => entry.trim());
  const own = entries.slice(entries.indexOf("set -n") + 1);
  return own.filter((entry) => entry.split("\n").some((line) => !/^\s*(#|$)/.test(line)));
}
