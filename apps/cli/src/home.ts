/** The home that a command works on, as the environment names it. */
import { resolve } from "node:path";
import { createLayout, type Layout, readOrMakeSessionKey, usualHome } from "@openhands/store";
import type { Environment } from "./commands/command.ts";

/** @throws AppError `bad_request` where nobody says where it is */
export function layoutOf(environment: Environment): Layout {
  const named = environment["OPENHANDS_HOME"] ?? "";
  return createLayout(resolve(named === "" ? usualHome() : named));
}

/** What programs present to the server of this home. */
export async function sessionKeyOf(environment: Environment): Promise<string> {
  const named = environment["SESSION_API_KEY"] ?? "";
  return named === "" ? await readOrMakeSessionKey(layoutOf(environment)) : named;
}
