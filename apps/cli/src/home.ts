/** The home that a command works on, as the environment names it. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { createLayout, type Layout, readOrMakeSessionKey } from "@openhands/store";
import type { Environment } from "./commands/command.ts";

export function layoutOf(environment: Environment): Layout {
  const named = environment["OPENHANDS_HOME"] ?? "";
  return createLayout(resolve(named === "" ? join(homedir(), ".openhands") : named));
}

/** What programs present to the server of this home. */
export async function sessionKeyOf(environment: Environment): Promise<string> {
  const named = environment["SESSION_API_KEY"] ?? "";
  return named === "" ? await readOrMakeSessionKey(layoutOf(environment)) : named;
}
