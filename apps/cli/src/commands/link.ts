import { AppError } from "@openhands/protocol";
import { layoutOf } from "../home.ts";
import { findRunningServer, told } from "../running-server.ts";
import type { Command } from "./command.ts";

/** Prints a link that signs one page in, from the server that runs on this home. */
export const link: Command = {
  name: "link",
  summary: "print a new link that opens the page, signed in",
  run: async (_args, environment) => {
    const client = await findRunningServer(environment);
    if (client === null) {
      const { home } = layoutOf(environment);
      throw new AppError("unavailable", `No server runs on ${home}. Start one: npm start`);
    }
    process.stdout.write(`${(await told(client.link())).link}\n`);
  },
};
