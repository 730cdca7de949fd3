/** The server that holds a home. The lock says whether there is one; `server.json` alone may be of one that was killed. */
import { setTimeout as after } from "node:timers/promises";
import { ApiError } from "@openhands/client";
import { AppError } from "@openhands/protocol";
import { isHomeOwned, readServerFile, type ServerFile } from "@openhands/store";
import type { Environment } from "./commands/command.ts";
import { connectDirectly, type DirectConnection } from "./connect-directly.ts";
import { layoutOf, sessionKeyOf } from "./home.ts";

/** A server that starts, or another command that works on the home for a moment, is waited for this long. */
const patienceMs = 5000;
const lookEveryMs = 100;

/** null: nobody holds the home. @throws AppError `unavailable` when it is held and nobody answers */
export async function findRunningServer(environment: Environment): Promise<DirectConnection | null> {
  const layout = layoutOf(environment);
  const began = performance.now();
  while (await isHomeOwned(layout)) {
    const server = await readServerFile(layout);
    if (server !== null && (await answers(server)))
      return await connectDirectly(server, await sessionKeyOf(environment));
    if (performance.now() - began > patienceMs)
      throw new AppError(
        "unavailable",
        `A server holds ${layout.home} and does not answer: wait for it, or stop it and try again.`,
      );
    await after(lookEveryMs);
  }
  return null;
}

/** What a call failed with, as a failure that is told to the person. */
export async function told<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiError) throw new AppError("unavailable", error.message, { cause: error });
    throw error;
  }
}

async function answers(server: ServerFile): Promise<boolean> {
  try {
    await (await connectDirectly(server)).client.server.health();
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
