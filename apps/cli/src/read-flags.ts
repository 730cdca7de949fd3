import { parseArgs, type ParseArgsConfig } from "node:util";
import { AppError } from "@openhands/protocol";

/** The words after a command. @throws AppError `bad_request` with `usage` for words that are not known */
export function readFlags<O extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: O,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("bad_request", `${detail}\n\n${usage.trimEnd()}`, { cause });
  }
}
