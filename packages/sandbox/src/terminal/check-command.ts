/** What is refused before a shell sees it. */
import { parse } from "unbash";
import { messages } from "./terminal-messages.ts";

/** A model sometimes sends JSON where the command belongs. @returns the message, or null where `command` may be run */
export function toolArgumentError(command: string): string | null {
  // a shell would run what stands before it
  if (command.includes("\0")) return messages.toolArgument("text with a NUL character, which no command has");
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

/** A parser takes time with the number of commands: a twentieth of a second for as many characters as this. */
const longestChecked = 200_000;

/**
 * The top-level commands of `text`, a line or more each, with the comments and here-documents that belong to them; null
 * where it is one, cannot be parsed or is too long. `a; b` is one: it stands in one line.
 */
export function severalCommands(text: string): readonly string[] | null {
  if (!text.trim().includes("\n") || text.length > longestChecked) return null;
  const { commands: statements, errors } = parse(text);
  if (errors && errors.length > 0) return null;
  const starts: number[] = [];
  let end: number | null = null;
  for (const statement of statements) {
    if (end === null || text.slice(end, statement.pos).includes("\n")) starts.push(statement.pos);
    end = statement.end;
  }
  if (starts.length < 2) return null;
  return starts.map((start, index) => withoutComments(text.slice(start, starts[index + 1])));
}

/** The comments at the end stand before the next command. */
function withoutComments(command: string): string {
  return command.replace(/\n(?:\s*(?:#[^\n]*)?(?:\n|$))*$/, "").trimEnd();
}
