import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { AppError } from "@openhands/protocol";
import { createLayout, readOrMakeSessionKey, readServerFile } from "@openhands/store";
import type { Command } from "./command.ts";

/** Prints a link that signs one page in, from the server that runs on this home. */
export const link: Command = {
  name: "link",
  summary: "print a new link that opens the page, signed in",
  run: async () => {
    const layout = createLayout(resolve(process.env["OPENHANDS_HOME"] ?? join(homedir(), ".openhands")));
    const server = await readServerFile(layout);
    if (server === null)
      throw new AppError("unavailable", `No server runs on ${layout.home}. Start one: npm start`);
    const key = process.env["SESSION_API_KEY"] ?? (await readOrMakeSessionKey(layout));
    const response = await fetch(`${server.url}/api/auth/link`, {
      method: "POST",
      headers: { "X-Session-API-Key": key },
    }).catch((cause: unknown) => {
      throw new AppError(
        "unavailable",
        `The server at ${server.url} does not answer. Start it again: npm start`,
        { cause },
      );
    });
    const body = (await response.json()) as { link?: string; detail?: string };
    if (body.link === undefined)
      throw new AppError("unavailable", body.detail ?? `The server answered ${response.status}.`);
    console.log(body.link);
  },
};
